/** What the events of the small streams leave behind, and what they leave alone. */
import { describe, expect, it } from '@jest/globals'
import {
  accounts,
  autoReplies,
  bulkOperations,
  contacts,
  identityClaims,
  inboxes,
  inboxSettings,
  messageClaims,
  readStates,
  remaining,
  senderPolicies,
  teams,
  type AccountEvent,
  type ContactEvent,
  type InboxEvent,
  type MessageClaimEvent,
  type SenderPolicyEvent,
  type TeamEvent,
} from '@threadbook/core'
import { stories } from '@threadbook/core/testing'
import { toSeal } from '@threadbook/sourcing'

const box = toSeal('private' as never)

describe('a contact', () => {
  const { given } = stories(contacts)
  const created: ContactEvent = { type: 'ContactCreated', data: { key: 'key-1', source: 'manual' } }
  const named: ContactEvent = { type: 'ContactNamed', data: { name: box } }
  const reached = (identity: string): ContactEvent => ({
    type: 'IdentityAdded',
    data: { kind: 'email', identity, address: box },
  })
  const lost: ContactEvent = { type: 'IdentityRemoved', data: { identity: 'one' } }
  const changed: ContactEvent = { type: 'ContactPropertiesChanged', data: { properties: box } }
  const deleted: ContactEvent = { type: 'ContactDeleted', data: {} }
  const restored: ContactEvent = { type: 'ContactRestored', data: {} }
  const owned: ContactEvent = { type: 'ContactOwnerChanged', data: { owner: 'user:bo' } }
  const free: ContactEvent = { type: 'ContactOwnerChanged', data: {} }
  const merged: ContactEvent = { type: 'ContactMergedInto', data: { target: 'paul' } }
  const erased: ContactEvent = { type: 'ContactErased', data: { keys: ['key-1'] } }
  const fresh = {
    situation: 'present',
    key: 'key-1',
    source: 'manual',
    named: false,
    identities: new Map(),
    sources: new Map(),
    deleted: undefined,
    company: undefined,
    owner: undefined,
  }

  it.each<[string, readonly ContactEvent[], object]>([
    ['there', [created], {}],
    ['there once', [created, created], {}],
    ['named', [created, named], { named: true }],
    [
      'reached by what is left',
      [created, reached('one'), reached('two'), lost],
      { identities: new Map([['two', 'email']]) },
    ],
    ['as it was, but for its properties', [created, changed], {}],
    ['back', [created, named, deleted, restored], { named: true }],
    ['somebody’s', [created, named, owned], { named: true, owner: 'user:bo' }],
    ['nobody’s any more', [created, owned, free], {}],
  ])('is %s', (_, events, state) =>
    expect(given(...events).state()).toEqual({ ...fresh, ...state }),
  )

  it('is nothing before it is there, nothing once erased, and another’s once merged', () => {
    expect(given(named).state()).toEqual({ situation: 'absent' })
    expect(given(created, erased, created, named).state()).toEqual({ situation: 'erased' })
    expect(given(created, merged, created, named).state()).toEqual({
      situation: 'merged',
      into: 'paul',
    })
  })

  it('is looked after by somebody, or nobody', () => {
    const on = { contactId: 'maria', actor: 'user:ada' as const }
    const change = { type: 'ChangeContactOwner' as const, ...on }
    given(created)
      .when({ ...change, owner: 'user:bo' })
      .then(owned)
    given(created, owned)
      .when({ ...change, owner: 'user:bo' })
      .thenNothing()
    given(created, owned).when(change).then(free)
    given(created).when(change).thenNothing()
  })
})

describe('a team', () => {
  const { given } = stories(teams)
  const created: TeamEvent = { type: 'TeamCreated', data: { name: 'Crew' } }
  const joined = (user: string): TeamEvent => ({ type: 'TeamMemberAdded', data: { user } })
  const left: TeamEvent = { type: 'TeamMemberRemoved', data: { user: 'bo' } }
  const renamed: TeamEvent = { type: 'TeamRenamed', data: { name: 'Band' } }

  it('S-101 has the name it was given last, and the members who stayed', () => {
    const events = [created, joined('ada'), joined('bo'), renamed, left]
    expect(given(...events).state()).toEqual({
      situation: 'present',
      name: 'Band',
      members: new Set(['ada']),
    })
  })

  it('is unknown where it was never created', () =>
    expect(given(joined('bo'), renamed).state()).toEqual({ situation: 'unknown' }))
})

describe('an inbox', () => {
  const { given } = stories(inboxes)
  const on = { inboxId: 'support', actor: 'user:ada' as const }
  const created: InboxEvent = { type: 'InboxCreated', data: { name: 'Support' } }
  const renamed: InboxEvent = { type: 'InboxRenamed', data: { name: 'Help' } }
  const chat: InboxEvent = { type: 'ChannelConnected', data: { channel: 'chat' } }
  const mail = (address: string): InboxEvent => ({
    type: 'ChannelConnected',
    data: { channel: 'email', address },
  })
  const set = (address: string): InboxEvent => ({
    type: 'ChannelSettingsChanged',
    data: { channel: 'email', address, settings: { welcome: 'Hello!' } },
  })
  const settingsOf = (...events: readonly InboxEvent[]) =>
    inboxSettings(given(created, ...events).state())

  it('S-008 has the name it was given last, and is created once', () =>
    expect(settingsOf(chat, renamed, created)).toEqual({ ...settingsOf(chat), name: 'Help' }))

  it('is not there before it is created', () =>
    expect(given(chat, renamed).state()).toEqual({ situation: 'absent' }))

  it('S-002 has a channel once; one that is connected anew begins anew', () => {
    const connected = settingsOf(chat, mail('a@example.com'), set('a@example.com'))
    expect(connected?.channels).toMatchObject([
      { channel: 'chat', settings: {} },
      { channel: 'email', settings: { welcome: 'Hello!' } },
    ])
    const again = settingsOf(
      mail('a@example.com'),
      set('a@example.com'),
      chat,
      mail('A@example.com'),
    )
    expect(again?.channels).toEqual([
      { channel: 'chat', address: undefined, settings: {} },
      { channel: 'email', address: 'A@example.com', settings: {} },
    ])
  })

  it('S-002 is connected by each of its channels', () =>
    given(created, chat)
      .when({ type: 'ConnectChannel', ...on, channel: 'messenger' })
      .then({ type: 'ChannelConnected', data: { channel: 'messenger' } }))

  it('S-008 has settings for one of several addresses', () =>
    given(created, mail('a@example.com'))
      .when({
        type: 'ChangeChannelSettings',
        ...on,
        channel: 'email',
        address: 'a@example.com',
        settings: { welcome: 'Hello!' },
      })
      .then(set('a@example.com')))

  it.each(['automated', 'marketing', 'roleBased', 'subscriptionLink'] as const)(
    'K-02 has a spam rule that is turned off by itself: %s',
    (rule) => {
      const change = (to: 'on' | 'off') => ({
        type: 'ChangeSpamRules' as const,
        ...on,
        [rule]: to,
      })
      given(created)
        .when(change('off'))
        .then({ type: 'SpamRulesChanged', data: { [rule]: 'off' } })
      given(created).when(change('on')).thenNothing()
    },
  )

  it('K-01 has role-based addresses added, with none taken away', () =>
    given(created)
      .when({ type: 'ChangeRoleBasedAddresses', ...on, add: ['jobs'] })
      .then({ type: 'RoleBasedAddressesChanged', data: { added: ['jobs'], removed: [] } }))

  it('K-01 has role-based addresses taken away, with none added', () =>
    given(created)
      .when({ type: 'ChangeRoleBasedAddresses', ...on, remove: ['it'] })
      .then({ type: 'RoleBasedAddressesChanged', data: { added: [], removed: ['it'] } }))
})

describe('an account', () => {
  const { given } = stories(accounts)
  const opening = { createdOn: '2024-04-01', zone: 'Europe/Berlin', edition: 'starter' as const }
  const opened: AccountEvent = { type: 'AccountOpened', data: opening }
  const upgraded: AccountEvent = { type: 'EditionChanged', data: { edition: 'enterprise' } }
  const handsOver: AccountEvent = {
    type: 'AccountPoliciesChanged',
    data: { handOverWhenAway: true },
  }
  const policies = { type: 'ChangeAccountPolicies' as const, actor: 'system' as const }

  it('S-001 has the edition it changed to, and is opened once', () => {
    expect(given(upgraded).state()).toEqual({ situation: 'absent' })
    const state = given(opened).state()
    expect(state).toMatchObject({ ...opening, situation: 'open' })
    expect(given(opened, upgraded, opened).state()).toEqual({ ...state, edition: 'enterprise' })
  })

  it('D-11 is opened on one day', () =>
    given(opened)
      .when({ type: 'OpenAccount', actor: 'system', ...opening, createdOn: '2024-04-02' })
      .thenRefused('AccountExists'))

  it('D-19 hands over what belongs to whoever is away, where it says so', () => {
    given(opened)
      .when({ ...policies, handOverWhenAway: true })
      .then(handsOver)
    given(opened, handsOver)
      .when({ ...policies, handOverWhenAway: true })
      .thenNothing()
    given(opened)
      .when({ ...policies, handOverWhenAway: false })
      .thenNothing()
  })
})

describe('a bulk operation', () => {
  const { given } = stories(bulkOperations)
  const started = {
    type: 'BulkOperationStarted' as const,
    data: { action: 'close' as const, items: ['a', 'b'] },
  }
  const outcomes = [{ conversation: 'a', result: 'done' as const }]
  const handled = { type: 'BulkItemsHandled' as const, data: { outcomes } }
  const start = {
    type: 'StartBulkOperation' as const,
    action: 'close' as const,
    bulkOperationId: 'bulk-1',
    actor: 'user:ada' as const,
  }

  it('S-089 is started once, and nothing before', () => {
    expect(given(handled).state()).toEqual({ situation: 'absent' })
    expect(remaining(given().state())).toEqual([])
    expect(remaining(given(started, handled, started).state())).toEqual(['b'])
  })

  it('S-086 S-089 closes tickets, too, where it says so', () =>
    given()
      .when({ ...start, items: ['a'], withTickets: true })
      .then({ ...started, data: { action: 'close', items: ['a'], withTickets: true } }))

  it('S-089 is another one where one of several is another', () =>
    given(started)
      .when({ ...start, items: ['a', 'c'] })
      .thenRefused('BulkOperationExists'))
})

describe('the id of a mail', () => {
  const { given } = stories(messageClaims)
  const on = { claim: 'hash', actor: 'system' as const }
  const claimed: MessageClaimEvent = {
    type: 'MessageIdClaimed',
    data: { conversation: 'a', weakly: false },
  }
  const came = (conversation: string, more: object = {}): MessageClaimEvent => ({
    type: 'MessageIdReceived',
    data: { conversation, messageId: 'mail', ...more },
  })
  const arrive = { type: 'Arrive' as const, ...on, messageId: 'mail', conversation: 'b' }

  it('D-22 D-23 goes weakly with filtered mail where another conversation goes on', () =>
    given(claimed)
      .when({ ...arrive, weakly: true, insteadOf: 'a' })
      .then(came('b', { weakly: true })))

  it('§ 4 was received by one conversation', () =>
    given(came('a'))
      .when({ ...arrive, weakly: false })
      .thenRefused('DuplicateMessage', { conversation: 'a', messageId: 'mail' }))

  it('D-23 is unclaimed until somebody claims it', () => {
    const taken: MessageClaimEvent = { type: 'MessageIdTakenOver', data: { conversation: 'a' } }
    for (const event of [taken, { type: 'MessageIdPurged' as const, data: {} }])
      expect(given(event).state()).toEqual({ situation: 'unclaimed' })
  })
})

describe('before anything is said, and once it is taken back', () => {
  it('D-17 an address is free', () => {
    const { given } = stories(identityClaims)
    const claimed = { type: 'IdentityClaimed' as const, data: { contact: 'maria' } }
    const released = { type: 'IdentityReleased' as const, data: {} }
    expect(given().state()).toEqual({ situation: 'free' })
    expect(given(claimed, released).state()).toEqual({ situation: 'free' })
  })

  it('D-08 a sender is like any other', () => {
    const { given } = stories(senderPolicies)
    const blocked: SenderPolicyEvent = {
      type: 'SenderBlocked',
      data: { key: 'key-1', kind: 'email', scope: 'address', sender: box },
    }
    const cleared: SenderPolicyEvent = { type: 'SenderCleared', data: {} }
    const forgotten: SenderPolicyEvent = { type: 'SenderForgotten', data: { keys: ['key-1'] } }
    const nothing = { standing: undefined, key: undefined }
    expect(given().state()).toStrictEqual(nothing)
    expect(given(blocked, cleared).state()).toEqual({ standing: undefined, key: 'key-1' })
    expect(given(blocked, forgotten).state()).toStrictEqual(nothing)
  })

  it('§ 4 nobody was answered by a machine', () =>
    expect(stories(autoReplies).given().state()).toStrictEqual({ last: undefined }))

  it('D-13 a conversation can be marked unread, and stays read so far', () => {
    const { given } = stories(readStates)
    const about = { conversation: 'c' }
    const unread = { type: 'ConversationMarkedUnread' as const, data: about }
    const read = { type: 'ConversationRead' as const, data: { ...about, inbound: 3 } }
    const mark = {
      type: 'MarkUnread' as const,
      conversationId: 'c',
      actor: 'user:ada' as const,
      facts: { inbound: 3 },
    }
    given().when(mark).then(unread)
    expect(given(read, unread).state()).toEqual({
      conversations: new Map([['c', { inbound: 3, markedUnread: true }]]),
    })
    given()
      .when({ ...mark, facts: { inbound: undefined } })
      .thenRefused('NoSuchConversation', { situation: 'absent' })
  })
})
