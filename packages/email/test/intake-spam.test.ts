/** What is filtered, why, and who becomes a contact: K-01…K-07, D-17, D-18, D-21, D-29. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  allowSender,
  blockSender,
  changeRoleBasedAddresses,
  changeSpamRules,
  close,
  compose,
  denySender,
  markAsSpam,
  unblockSender,
  unmarkAsSpam,
  user,
  type Request,
  type SpamCause,
} from '@threadbook/core'
import type { Received } from '@threadbook/email'
import {
  absence,
  answering,
  bounceOf,
  bulk,
  called,
  from,
  newsletter,
  type Fields,
} from './fixtures/letters.js'
import { openSupport, right, type Support } from './fixtures/support.js'

const ada = user('ada')
const actor = ada
const inboxId = 'support'

let support: Support
beforeEach(async () => {
  support = await openSupport()
})

const contactOf = async ({ conversationId }: Received) =>
  (await support.row(conversationId))?.contact ?? undefined

const causeOf = async (fields: Fields): Promise<SpamCause | undefined> => {
  const received = await support.receive(fields)
  const row = await support.row(received.conversationId)
  expect(row?.spamCause ?? undefined).toBe(received.spam)
  return received.spam
}

/** Somebody whose wanted mail came before. */
const asContact = async (name: string) => {
  expect(
    await contactOf(await support.receive({ ...from(name), Subject: 'first' }, `${name}\n`)),
  ).toBeDefined()
}

describe('what is filtered, with its cause', () => {
  it.each<[rule: string, fields: Fields, cause: SpamCause | undefined]>([
    ['K-02 an automatic answer', absence, 'automatedResponse'],
    ['K-02 marketing', bulk, 'marketing'],
    ['K-02 mail with a subscription link', newsletter, 'subscriptionLink'],
    ['K-01, S-039 a role-based sender', from('noreply'), 'roleBasedSender'],
    ['K-01 a role-based sender, however written', from('NoReply+x'), 'roleBasedSender'],
    ['K-06 mail from the team to itself', { From: 'support@example.com' }, 'teamToItself'],
    ['a bounce', { From: 'mailer-daemon@mx.example' }, 'bounce'],
    ['nothing else', {}, undefined],
  ])('%s', async (_, fields, cause) => {
    expect(await causeOf(called('one', fields))).toBe(cause)
  })

  it.each<[rule: string, fields: Fields, rules: Parameters<typeof changeSpamRules>[0]]>([
    ['automatic answers', absence, { inboxId, actor, automated: 'off' }],
    ['marketing', bulk, { inboxId, actor, marketing: 'off' }],
    [
      'subscription links',
      newsletter,
      { inboxId, actor, subscriptionLink: 'off', marketing: 'off' },
    ],
    ['role-based senders', from('noreply'), { inboxId, actor, roleBased: 'off' }],
  ])('K-02 lets an inbox switch off the rule on %s', async (_, fields, rules) => {
    await support.ask(changeSpamRules(rules))
    expect(await causeOf(called('one', fields))).toBeUndefined()
  })

  it('K-01 lets an inbox change its list of role-based addresses', async () => {
    const change = { inboxId, add: ['robot'], remove: ['noreply'], actor }
    await support.ask(changeRoleBasedAddresses(change))
    expect(await causeOf(called('one', from('robot')))).toBe('roleBasedSender')
    expect(await causeOf(called('two', from('noreply')))).toBeUndefined()
  })

  it('counts conversations in Spam by cause', async () => {
    await support.receive(called('one', newsletter))
    await support.receive(called('two', newsletter))
    await support.receive(called('three', absence))
    expect(right(await support.inbox.views.counts())).toMatchObject({
      views: { spam: 3, email: 0 },
      spamCauses: { subscriptionLink: 2, automatedResponse: 1, marketing: 0 },
    })
  })
})

describe('K-03 the lists', () => {
  const bo = { kind: 'email', scope: 'address', sender: 'bo@example.com', actor } as const
  const domain = { kind: 'email', scope: 'domain', sender: 'example.com', actor } as const

  it.each<
    [what: string, requests: readonly Request[], fields: Fields, cause: SpamCause | undefined]
  >([
    ['an allowed address', [allowSender(bo)], newsletter, undefined],
    ['an allowed domain', [allowSender(domain)], newsletter, undefined],
    ['a denied address', [denySender(bo)], {}, 'deniedSender'],
    ['a denied domain', [denySender(domain)], {}, 'deniedDomain'],
    ['a blocked address', [blockSender(bo)], {}, 'blockedSender'],
    ['a blocked domain', [blockSender(domain)], {}, 'blockedDomain'],
    [
      'D-08 an allowed address of a denied domain',
      [denySender(domain), allowSender(bo)],
      {},
      undefined,
    ],
    [
      'D-08 a denied address of an allowed domain',
      [allowSender(domain), denySender(bo)],
      {},
      'deniedSender',
    ],
    [
      'D-08 an address blocked, then allowed',
      [blockSender(bo), allowSender(bo)],
      newsletter,
      undefined,
    ],
    [
      'D-08 an address allowed, then blocked',
      [allowSender(bo), blockSender(bo)],
      {},
      'blockedSender',
    ],
    ['S-079 an address unblocked again', [blockSender(bo), unblockSender(bo)], {}, undefined],
  ])('%s', async (_, requests, fields, cause) => {
    for (const request of requests) await support.ask(request)
    expect(await causeOf(called('one', fields))).toBe(cause)
  })

  it('tells addresses apart without regard to case', async () => {
    await support.ask(denySender({ ...bo, sender: 'Bo@Example.COM' }))
    expect(await causeOf(called('one', { From: 'bO@example.com' }))).toBe('deniedSender')
  })
})

describe('K-07 an existing contact', () => {
  beforeEach(() => asContact('zoe'))

  it.each<[what: string, fields: Fields, cause: SpamCause | undefined]>([
    ['marketing', bulk, undefined],
    ['a subscription link', newsletter, undefined],
    ['an automatic answer', absence, 'automatedResponse'],
  ])('%s', async (_, fields, cause) => {
    expect(await causeOf(called('one', { ...from('zoe'), ...fields }))).toBe(cause)
  })

  it('D-18 is spared at a role-based address, unless the inbox takes the guide by its letter', async () => {
    await support.ask(changeSpamRules({ inboxId, roleBased: 'off', actor }))
    await asContact('sales')
    await support.ask(changeSpamRules({ inboxId, roleBased: 'on', actor }))
    expect(await causeOf(called('one', from('sales')))).toBeUndefined()
    await support.ask(changeSpamRules({ inboxId, roleBased: 'always', actor }))
    expect(await causeOf(called('two', from('sales')))).toBe('roleBasedSender')
  })
})

describe('D-17 filtered mail makes no contact', () => {
  it('so that a newsletter does not let in its second issue', async () => {
    const first = await support.receive(called('issue 1', { ...from('shop'), ...newsletter }))
    const second = await support.receive(called('issue 2', { ...from('shop'), ...newsletter }))
    expect([first.spam, second.spam]).toEqual(['subscriptionLink', 'subscriptionLink'])
    expect(await contactOf(first)).toBeUndefined()
    expect(right(await support.inbox.views.list('spam')).items[0]).toMatchObject({
      contact: null,
      stranger: { address: 'shop@mail.example' },
    })
  })

  it('nor does what joins spam', async () => {
    await support.receive(called('issue', { ...from('shop'), ...newsletter }))
    await support.receive(called('more', { ...from('shop'), ...answering('issue') }))
    expect(await causeOf(called('issue 2', { ...from('shop'), ...newsletter }))).toBe(
      'subscriptionLink',
    )
  })

  it('D-29 until someone says that it is no spam', async () => {
    const first = await support.receive(called('issue 1', { ...from('shop'), ...newsletter }))
    await support.ask(unmarkAsSpam({ conversationId: first.conversationId, actor }))
    expect(await contactOf(first)).toBeDefined()
    expect(await causeOf(called('issue 2', { ...from('shop'), ...newsletter }))).toBeUndefined()
  })

  it('K-15 and an unknown address becomes one by its first wanted mail, once', async () => {
    const first = await support.receive(called('one', { From: 'Zoe Orr <zoe@mail.example>' }))
    const second = await support.receive(called('two', { From: 'ZOE@mail.example' }))
    expect(await contactOf(second)).toBe(await contactOf(first))
    expect(right(await support.inbox.views.list('email')).items[0]?.contact).toMatchObject({
      name: 'Zoe Orr',
      address: 'zoe@mail.example',
    })
  })

  it('D-29 takes for the contact who From names, whatever Reply-To says', async () => {
    await support.receive(called('one', { ...from('zoe'), 'Reply-To': 'desk@mail.example' }))
    const other = await support.receive(called('two', from('desk')))
    const [latest, first] = right(await support.inbox.views.list('email')).items
    expect(first?.contact?.address).toBe('zoe@mail.example')
    expect(latest?.contact?.id).not.toBe(first?.contact?.id)
    expect(latest?.conversationId).toBe(other.conversationId)
  })
})

describe('D-21 filtered mail in a running conversation', () => {
  it('keeps its place and its cause, and changes nothing else', async () => {
    const { conversationId } = await support.receive(called('one'))
    await support.ask(close({ conversationId, actor }))
    const before = await support.row(conversationId)
    const answer = await support.receive(called('away', { ...absence, ...answering('one') }))
    expect(answer).toMatchObject({ conversationId, spam: 'automatedResponse' })
    expect(await support.row(conversationId)).toEqual(before)
    expect((await support.stream('conversation', conversationId)).at(-1)).toMatchObject({
      type: 'MessageReceived',
      data: { filtered: 'automatedResponse', mailClass: 'automatic' },
    })
  })

  it('D-25 filters a blocked participant, not the conversation', async () => {
    const { conversationId } = await support.receive(called('one'))
    await support.receive(called('two', { ...from('zoe'), ...answering('one') }))
    const sender = 'zoe@mail.example'
    await support.ask(blockSender({ kind: 'email', scope: 'address', sender, actor }))
    const third = await support.receive(called('three', { ...from('zoe'), ...answering('one') }))
    expect(third).toMatchObject({ conversationId, spam: 'blockedSender' })
    expect(await support.shownIn(conversationId)).toEqual(['unassigned', 'allOpen', 'email'])
  })

  it('does not count as an answer to what was composed', async () => {
    const sent = await support.ask(
      compose({ to: [{ address: 'bo@example.com' }], subject: 'Hi', text: 'Hello', actor }),
    )
    const id = `<${sent.messageId!}@example.com>`
    const away = await support.receive(called('away', { ...absence, 'In-Reply-To': id }))
    expect(away.conversationId).toBe(sent.conversationId)
    expect(await support.shownIn(away.conversationId)).toEqual(['sent'])
  })
})

describe('D-21 a bounce', () => {
  it.each(['on', 'off'] as const)(
    'fails the message that it returns and is never inbound, with the rule %s',
    async (automated) => {
      await support.ask(changeSpamRules({ inboxId, automated, actor }))
      const { conversationId, messageId } = await support.ask(
        compose({ to: [{ address: 'bo@example.com' }], subject: 'Hi', text: 'Hello', actor }),
      )
      const bounce = await support.receiveRaw(bounceOf(`${messageId!}@example.com`))
      expect(bounce.conversationId).toBe(conversationId)
      expect(await support.row(conversationId!)).toMatchObject({
        deliveryFailed: true,
        hasInbound: false,
        spam: false,
      })
      expect(await support.shownIn(conversationId!)).toEqual(['sent'])
      const failed = (await support.stream('conversation', conversationId!)).at(-1)
      expect(failed).toMatchObject({ type: 'MessageDeliveryFailed', data: { messageId } })
    },
  )

  it('of a mail that nobody here sent is no more than spam', async () => {
    const { conversationId, spam } = await support.receiveRaw(bounceOf('elsewhere@mx.example'))
    expect(spam).toBe('bounce')
    expect(await support.shownIn(conversationId)).toEqual(['spam'])
    expect(await support.told(conversationId)).not.toContain('MessageDeliveryFailed')
  })

  it('does not fail what came in', async () => {
    const { conversationId } = await support.receive(called('one'))
    await support.receiveRaw(bounceOf('one@mail.example'))
    expect((await support.row(conversationId))?.deliveryFailed).toBe(false)
  })
})

describe('blocking and marking', () => {
  it('S-081 filters this thread and all to come of a blocked sender, also of a contact', async () => {
    const { conversationId } = await support.receive(called('one'))
    await support.ask(blockSender({ conversationId, actor }))
    expect(await support.shownIn(conversationId)).toEqual(['spam'])
    expect(await causeOf(called('two'))).toBe('blockedSender')
  })

  it('S-083 filters only the thread that is marked as spam', async () => {
    const { conversationId } = await support.receive(called('one'))
    await support.ask(markAsSpam({ conversationId, actor }))
    expect((await support.row(conversationId))?.spamCause).toBe('marked')
    expect(await causeOf(called('two'))).toBeUndefined()
  })
})
