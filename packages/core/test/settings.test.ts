/** Inboxes, and what is held about senders. */
import { describe, expect, it } from '@jest/globals'
import {
  inboxes,
  inboxNotReady,
  inboxSettings,
  roleBasedLocalParts,
  senderPolicies,
  type InboxEvent,
  type SenderPolicyEvent,
} from '@threadbook/core'
import { stories } from '@threadbook/core/testing'
import { toSeal } from '@threadbook/sourcing'

const actor = 'user:ada' as const

describe('an inbox', () => {
  const { given } = stories(inboxes)
  const on = { inboxId: 'support', actor }
  const created: InboxEvent = { type: 'InboxCreated', data: { name: 'Support' } }
  const address = 'support@example.com'
  const connected: InboxEvent = { type: 'ChannelConnected', data: { channel: 'email', address } }
  const chat: InboxEvent = { type: 'ChannelConnected', data: { channel: 'chat' } }
  const disconnected: InboxEvent = {
    type: 'ChannelDisconnected',
    data: { channel: 'email', address },
  }
  const create = { type: 'CreateInbox' as const, ...on, name: 'Support' }
  const rename = { type: 'RenameInbox' as const, ...on, name: 'Help' }
  const connect = {
    type: 'ConnectChannel' as const,
    ...on,
    channel: 'email' as const,
    address,
  }
  const disconnect = { ...connect, type: 'DisconnectChannel' as const }
  const rules = { type: 'ChangeSpamRules' as const, ...on }
  const roleBased = { type: 'ChangeRoleBasedAddresses' as const, ...on }

  it('S-003 is created', () => {
    given().when(create).then(created)
    given(created).when(create).thenNothing()
    given(created)
      .when({ ...create, name: 'Sales' })
      .thenRefused('InboxExists')
  })

  it('S-008 has another name', () => {
    given(created)
      .when(rename)
      .then({ type: 'InboxRenamed', data: { name: 'Help' } })
    given(created)
      .when({ ...rename, name: 'Support' })
      .thenNothing()
  })

  it('S-002 is connected to channels', () => {
    given(created).when(connect).then(connected)
    given(created, connected).when(connect).thenNothing()
    given(created, connected)
      .when({ ...connect, address: 'SUPPORT@example.com' })
      .thenNothing()
    given(created, connected)
      .when({ ...connect, address: 'help@example.com' })
      .then({ type: 'ChannelConnected', data: { channel: 'email', address: 'help@example.com' } })
    given(created, connected).when(disconnect).then(disconnected)
    given(created).when(disconnect).thenNothing()
  })

  it.each([
    ['no inbox', [], { type: 'NoSuchInbox' }],
    ['no channel', [created], { type: 'NoChannelConnected' }],
    ['no channel any more', [created, connected, disconnected], { type: 'NoChannelConnected' }],
    ['a channel', [created, connected], undefined],
    ['another one', [created, connected, chat, disconnected], undefined],
  ])('S-002 cannot receive or send without a channel: %s', (_, events, missing) => {
    expect(inboxNotReady(given(...events).state())).toEqual(missing)
  })

  it('K-02 has its spam rules on, unless it says otherwise', () => {
    const on = { automated: 'on', marketing: 'on', roleBased: 'on', subscriptionLink: 'on' }
    expect(inboxSettings(given(created).state())?.spamRules).toEqual(on)
    given(created)
      .when({ ...rules, marketing: 'off', automated: 'on' })
      .then({ type: 'SpamRulesChanged', data: { marketing: 'off' } })
    given(created)
      .when({ ...rules, subscriptionLink: 'on' })
      .thenNothing()
    const off: InboxEvent = { type: 'SpamRulesChanged', data: { marketing: 'off' } }
    expect(inboxSettings(given(created, off).state())?.spamRules).toEqual({
      ...on,
      marketing: 'off',
    })
  })

  it('D-18 may go by the letter about role-based senders', () =>
    given(created)
      .when({ ...rules, roleBased: 'always' })
      .then({ type: 'SpamRulesChanged', data: { roleBased: 'always' } }))

  it('K-01 knows 43 role-based local parts', () => {
    expect(new Set(roleBasedLocalParts).size).toBe(43)
    expect(inboxSettings(given(created).state())?.roleBased).toEqual(new Set(roleBasedLocalParts))
  })

  it('K-01 adds to them and takes from them', () => {
    const changed: InboxEvent = {
      type: 'RoleBasedAddressesChanged',
      data: { added: ['jobs'], removed: ['it'] },
    }
    const change = { ...roleBased, add: ['Jobs', 'jobs', 'sales'], remove: ['IT', 'nobody'] }
    given(created).when(change).then(changed)
    given(created, changed).when(change).thenNothing()
    const settings = inboxSettings(given(created, changed).state())
    expect(settings?.roleBased.has('jobs')).toBe(true)
    expect(settings?.roleBased.has('it')).toBe(false)
  })

  it('removes what is both added and removed', () => {
    given(created)
      .when({ ...roleBased, add: ['jobs'], remove: ['jobs'] })
      .thenNothing()
    given(created)
      .when({ ...roleBased, add: ['it'], remove: ['it'] })
      .then({ type: 'RoleBasedAddressesChanged', data: { added: [], removed: ['it'] } })
  })

  it('has to be there', () => {
    expect(inboxSettings(given().state())).toBeUndefined()
    for (const command of [rename, connect, disconnect, rules, roleBased])
      given().when(command).thenRefused('NoSuchInbox')
  })
})

describe('a sender', () => {
  const { given } = stories(senderPolicies)
  const who = { kind: 'email' as const, scope: 'address' as const, sender: toSeal('private') }
  const about = { key: 'key-1', ...who }
  const on = { policy: 'hash', actor, ...about }
  const block = { type: 'BlockSender' as const, ...on }
  const unblock = { type: 'UnblockSender' as const, ...on }
  const allow = { type: 'AllowSender' as const, ...on }
  const deny = { type: 'DenySender' as const, ...on }
  const clear = { type: 'ClearSender' as const, ...on }
  const forget = { type: 'ForgetSender' as const, ...on }
  const blocked: SenderPolicyEvent = { type: 'SenderBlocked', data: about }
  const unblocked: SenderPolicyEvent = { type: 'SenderUnblocked', data: {} }
  const allowed: SenderPolicyEvent = { type: 'SenderAllowed', data: about }
  const denied: SenderPolicyEvent = { type: 'SenderDenied', data: about }
  const cleared: SenderPolicyEvent = { type: 'SenderCleared', data: {} }
  const forgotten: SenderPolicyEvent = { type: 'SenderForgotten', data: { keys: ['key-1'] } }

  it.each([
    ['S-078 S-110 blocked', block, blocked],
    ['K-03 allowed', allow, allowed],
    ['K-03 denied', deny, denied],
  ])('%s, once', (_, command, event) => {
    given().when(command).then(event)
    given(event).when(command).thenNothing()
  })

  it('S-078 is blocked at a conversation', () =>
    given()
      .when({ ...block, conversation: 'conversation-1' })
      .then({ type: 'SenderBlocked', data: { ...about, conversation: 'conversation-1' } }))

  it.each([
    ['blocking what was allowed', allowed, block, blocked, 'blocked'],
    ['blocking what was denied', denied, block, blocked, 'blocked'],
    ['allowing what was blocked', blocked, allow, allowed, 'allowed'],
    ['allowing what was denied', denied, allow, allowed, 'allowed'],
    ['denying what was allowed', allowed, deny, denied, 'denied'],
    ['denying what was blocked', blocked, deny, denied, 'denied'],
  ] as const)('D-08 the last word counts: %s', (_, before, command, event, standing) => {
    given(before).when(command).then(event)
    expect(given(before, event).state()).toMatchObject({ standing })
  })

  it('S-079 is unblocked, and neither allowed nor denied by it', () => {
    given(blocked).when(unblock).then(unblocked)
    expect(given(blocked, unblocked).state()).toMatchObject({ standing: undefined })
    for (const event of [allowed, denied]) given(event).when(unblock).thenNothing()
    given().when(unblock).thenNothing()
  })

  it('is cleared of whatever was said', () => {
    for (const event of [blocked, allowed, denied]) given(event).when(clear).then(cleared)
    given().when(clear).thenNothing()
  })

  it('D-20 is forgotten, and what is said later is under another key', () => {
    given(blocked).when(forget).then(forgotten)
    given(blocked, forgotten).when(forget).thenNothing()
    given(blocked, forgotten)
      .when({ ...block, key: 'key-2' })
      .then({ type: 'SenderBlocked', data: { ...about, key: 'key-2' } })
  })

  it('stays under one key until then', () => {
    given(blocked, unblocked)
      .when({ ...deny, key: 'key-2' })
      .then(denied)
    expect(senderPolicies.keyOf?.(given(blocked).state())).toBe('key-1')
  })
})
