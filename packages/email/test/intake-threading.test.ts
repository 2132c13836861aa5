/** Which conversation a mail goes to: domain.md § 4, D-05, D-22, D-23, D-24. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  changeAccountPolicies,
  close,
  compose,
  connectChannel,
  markAsSpam,
  mergeInto,
  openAccount,
  purge,
  restore,
  snooze,
  trash,
  user,
} from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { mailText, bytesOf } from './mails.js'
import { answering, called, from, newsletter, referringTo } from './fixtures/letters.js'
import { openSupport, right, type Support } from './fixtures/support.js'

const ada = user('ada')

let support: Support
beforeEach(async () => {
  support = await openSupport()
})

/** The conversation that a mail went to. */
const went = async (...args: Parameters<Support['receive']>): Promise<string> =>
  (await support.receive(...args)).conversationId

const withoutJoining = async () => {
  await support.ask(
    openAccount({ createdOn: '2026-01-01', zone: 'Europe/Berlin', edition: 'free', actor: ada }),
  )
  await support.ask(changeAccountPolicies({ mergeByReferences: false, actor: ada }))
}

describe('threading (domain.md § 4)', () => {
  it.each(['To', 'Cc', 'Delivered-To', 'X-Forwarded-For'])(
    'follows a plus-address token in %s first',
    async (field) => {
      await withoutJoining()
      const meant = await went(called('meant'))
      const other = await went(called('other'))
      const token = `support+${meant}@example.com`
      expect(await went(called('answer', { ...answering('other'), [field]: token }))).toBe(meant)
      expect(other).not.toBe(meant)
    },
  )

  it('takes a token of no conversation for none', async () => {
    const meant = await went(called('meant'))
    const token = 'support+0190f0f0-0000-7000-8000-000000000000@example.com'
    expect(await went(called('answer', { ...answering('meant'), To: token }))).toBe(meant)
  })

  it('looks at all ids of In-Reply-To', async () => {
    const known = await went(called('known'))
    expect(await went(called('answer', answering('unknown', 'known')))).toBe(known)
  })

  it('prefers In-Reply-To to References', async () => {
    await withoutJoining()
    const answered = await went(called('answered'))
    await went(called('referred'))
    const fields = { ...answering('answered'), ...referringTo('referred') }
    expect(await went(called('answer', fields))).toBe(answered)
  })

  it('takes References newest first', async () => {
    await withoutJoining()
    await went(called('older'))
    const newer = await went(called('newer'))
    expect(await went(called('answer', referringTo('older', 'newer')))).toBe(newer)
  })

  it('puts two answers to a mail that it never saw together, and that mail with them', async () => {
    const first = await went(called('first', answering('unseen')))
    expect(await went(called('second', answering('unseen')))).toBe(first)
    expect(await went(called('unseen'))).toBe(first)
  })

  it('starts a conversation for a mail that names none, whatever its subject', async () => {
    const first = await went(called('first', { Subject: 'Printer' }))
    expect(await went(called('second', { Subject: 'Re: Printer' }))).not.toBe(first)
  })

  it('does nothing for a mail that came before, and answers where that is', async () => {
    const first = await support.receive(called('one'))
    const before = await support.told(first.conversationId)
    const again = await support.receive(called('one', { Subject: 'another' }), 'Other words\n')
    expect(again).toEqual({ ...first, outcome: 'duplicate' })
    expect(await support.told(first.conversationId)).toEqual(before)
    expect(await support.conversations()).toBe(1)
  })

  it('takes the same mail to two inboxes for one message in each', async () => {
    const sales = support.inbox.account('main', 'sales')
    const channel = { inboxId: 'sales', channel: 'email', address: 'sales@example.com' } as const
    await support.ask(connectChannel({ ...channel, actor: ada }))
    const here = await support.receive(called('one'))
    const there = right(await receiveMail(sales, bytesOf(mailText(called('one')))))
    expect(there.outcome).toBe('received')
    expect(there.conversationId).not.toBe(here.conversationId)
    const answer = right(
      await receiveMail(sales, bytesOf(mailText(called('two', answering('one'))))),
    )
    expect(answer.conversationId).toBe(there.conversationId)
  })

  it('tells mails without a Message-ID by sender and body', async () => {
    const first = await support.receive({ Subject: 'one' }, 'The same\n')
    expect(await support.receive({ Subject: 'one' }, 'The same\n')).toMatchObject({
      outcome: 'duplicate',
      conversationId: first.conversationId,
    })
    expect(await went({ Subject: 'one' }, 'Other words\n')).not.toBe(first.conversationId)
    expect(await went({ Subject: 'one', ...from('zoe') }, 'The same\n')).not.toBe(
      first.conversationId,
    )
  })

  it('keeps the contact when somebody else answers, and adds a participant', async () => {
    const id = await went(called('one'))
    const contact = (await support.row(id))?.contact
    await went(called('two', { ...from('zoe'), ...answering('one') }))
    await went(called('three', { ...from('zoe'), ...answering('two') }))
    expect(contact).not.toBeNull()
    expect(await support.row(id)).toMatchObject({ contact, participants: 2 })
  })

  it('S-028, S-037: finds the answer to what was composed here', async () => {
    const { conversationId, messageId } = await support.ask(
      compose({ to: [{ address: 'bo@example.com' }], subject: 'Hi', text: 'Hello', actor: ada }),
    )
    expect(await support.shownIn(conversationId!)).toEqual(['sent'])
    const answer = called('answer', { 'In-Reply-To': `<${messageId!}@example.com>` })
    expect(await went(answer)).toBe(conversationId)
    expect(await support.shownIn(conversationId!)).toEqual(['unassigned', 'allOpen', 'email'])
  })
})

describe('D-05 a new message of the contact', () => {
  it('reopens what was closed', async () => {
    const id = await went(called('one'))
    await support.ask(close({ conversationId: id, actor: ada }))
    expect(await went(called('two', answering('one')))).toBe(id)
    expect((await support.row(id))?.status).toBe('open')
  })

  it('leaves spam spam', async () => {
    const id = await went(called('one'))
    await support.ask(markAsSpam({ conversationId: id, actor: ada }))
    expect(await went(called('two', answering('one')))).toBe(id)
    expect(await support.shownIn(id)).toEqual(['spam'])
  })

  it('wakes what is snoozed', async () => {
    const id = await went(called('one'))
    await support.ask(snooze({ conversationId: id, until: '2026-04-01T08:00:00.000Z', actor: ada }))
    await went(called('two', answering('one')))
    expect(await support.row(id)).toMatchObject({ snoozed: false, snoozedUntil: null })
  })

  it('starts a new conversation where the old one is in Trash, which says what it continues', async () => {
    const id = await went(called('one'))
    await support.ask(trash({ conversationId: id, actor: ada }))
    const next = await went(called('two', answering('one')))
    expect(next).not.toBe(id)
    const [started] = await support.stream('conversation', next)
    expect(started).toMatchObject({ type: 'ConversationStarted', data: { continues: id } })
    expect(await support.shownIn(id)).toEqual(['trash'])
  })

  it('goes to the target of a merge, through a chain of them', async () => {
    const [one, two, three] = [
      await went(called('1')),
      await went(called('2')),
      await went(called('3')),
    ]
    await support.ask(mergeInto({ conversationId: one, target: two, actor: ada }))
    await support.ask(mergeInto({ conversationId: two, target: three, actor: ada }))
    expect(await went(called('4', answering('1')))).toBe(three)
  })

  it('starts a new conversation where the old one was purged, also for what only refers to it', async () => {
    const id = await went(called('one', answering('unseen')))
    await support.ask(trash({ conversationId: id, actor: ada }))
    await support.ask(purge({ conversationId: id, actor: ada }))
    const next = await went(called('two', answering('one')))
    expect(next).not.toBe(id)
    expect(await went(called('three', answering('unseen')))).not.toBe(id)
    expect(await went(called('four', answering('one')))).toBe(next)
    expect(await support.receive(called('one'))).toMatchObject({ outcome: 'duplicate' })
  })
})

describe('D-22', () => {
  it('gives a continuation the later mails too, also when the old one is restored', async () => {
    const id = await went(called('one'))
    await support.ask(trash({ conversationId: id, actor: ada }))
    const next = await went(called('two', answering('one')))
    expect(await went(called('three', answering('one')))).toBe(next)
    await support.ask(restore({ conversationId: id, actor: ada }))
    expect(await went(called('four', answering('one')))).toBe(next)
  })

  it('reopens closed spam, which stays spam', async () => {
    const id = await went(called('one'))
    await support.ask(markAsSpam({ conversationId: id, actor: ada }))
    await support.ask(close({ conversationId: id, actor: ada }))
    await went(called('two', answering('one')))
    expect(await support.row(id)).toMatchObject({ status: 'open', spam: true })
  })

  it.each([
    ['before', 'Mon, 02 Mar 2026 08:00:00 +0000', 'closed'],
    ['after', 'Mon, 02 Mar 2026 09:05:00 +0000', 'open'],
  ])('lets late mail dated %s the closing (%s) leave it %s', async (_, date, status) => {
    const id = await went(called('one'))
    await support.ask(close({ conversationId: id, actor: ada }))
    support.clock.pass({ minutes: 60 })
    await went(called('two', { ...answering('one'), Date: date }))
    expect((await support.row(id))?.status).toBe(status)
  })
})

describe('D-23 ids that filtered mail only refers to', () => {
  it('are taken over by wanted mail, which starts a conversation of its own', async () => {
    const spam = await went(called('issue', { ...newsletter, ...answering('root') }))
    const wanted = await went(called('one', { ...from('zoe'), ...answering('root') }))
    expect(wanted).not.toBe(spam)
    expect(await went(called('two', { ...from('eve'), ...answering('root') }))).toBe(wanted)
    expect(await support.shownIn(spam)).toEqual(['spam'])
  })

  it('are not taken over by filtered mail: it joins, and so does what comes to them later', async () => {
    const wanted = await went(called('one', { ...from('zoe'), ...answering('root') }))
    expect(await went(called('issue', { ...newsletter, ...answering('root') }))).toBe(wanted)
    expect(await went(called('two', { ...from('eve'), ...answering('root') }))).toBe(wanted)
  })

  it('lead further filtered mail to the first', async () => {
    const spam = await went(called('issue 1', { ...newsletter, ...answering('root') }))
    expect(await went(called('issue 2', { ...newsletter, ...answering('root') }))).toBe(spam)
  })
})

describe('D-23 mail that names two conversations', () => {
  const both = (first: string, second: string) =>
    called('both', { ...answering(first), ...referringTo(second) })

  it.each([
    ['older first', both('older', 'younger')],
    ['younger first', both('younger', 'older')],
  ])('joins the younger into the older: %s', async (_, mail) => {
    const older = await went(called('older'))
    const younger = await went(called('younger', from('zoe')))
    expect(await went(mail)).toBe(older)
    expect(await support.told(older)).toContain('MergedFrom')
    expect((await support.stream('conversation', younger)).at(-1)).toMatchObject({
      type: 'MergedInto',
      data: { target: older },
      metadata: { actor: 'system' },
    })
    expect(await support.conversations()).toBe(1)
    expect(await went(called('more', answering('younger')))).toBe(older)
  })

  it('does not join them where the account says so', async () => {
    await withoutJoining()
    const older = await went(called('older'))
    await went(called('younger'))
    expect(await went(both('older', 'younger'))).toBe(older)
    expect(await support.conversations()).toBe(2)
  })

  it('joins two that are spam', async () => {
    const older = await went(called('older', newsletter))
    await went(called('younger', newsletter))
    expect(await went({ ...both('younger', 'older'), ...newsletter })).toBe(older)
    expect(await support.conversations()).toBe(1)
    expect(await support.shownIn(older)).toEqual(['spam'])
  })

  it('does not join spam with what is none', async () => {
    const wanted = await went(called('wanted', from('zoe')))
    const spam = await went(called('spam', newsletter))
    expect(await went({ ...both('wanted', 'spam'), ...from('eve') })).toBe(wanted)
    expect(await support.conversations()).toBe(2)
    expect(await support.shownIn(spam)).toEqual(['spam'])
  })

  it('joins nothing for filtered mail but spam', async () => {
    const older = await went(called('older'))
    await went(called('younger'))
    expect(await went({ ...both('older', 'younger'), ...from('shop'), ...newsletter })).toBe(older)
    expect(await support.conversations()).toBe(2)
  })

  it.each(['older', 'younger'])('does not join where the %s is in Trash', async (name) => {
    const ids = { older: await went(called('older')), younger: await went(called('younger')) }
    await support.ask(trash({ conversationId: ids[name as 'older'], actor: ada }))
    await went(both('older', 'younger'))
    for (const id of Object.values(ids)) expect(await support.told(id)).not.toContain('MergedInto')
    expect(await support.shownIn(ids[name as 'older'])).toEqual(['trash'])
  })
})

describe('D-24 what was joined', () => {
  it('counts by the facts of its target alone, and is purged with it', async () => {
    const older = await went(called('older'))
    const younger = await went(called('younger'))
    await went(called('both', referringTo('older', 'younger')))
    expect(await support.shownIn(younger)).toEqual([])
    await support.ask(trash({ conversationId: older, actor: ada }))
    await support.ask(purge({ conversationId: older, actor: ada }))
    expect((await support.stream('conversation', younger)).at(-1)).toMatchObject({
      type: 'Purged',
      metadata: { actor: 'system' },
    })
    expect(await support.row(younger)).toBeUndefined()
    expect(await support.receive(called('younger'))).toMatchObject({ outcome: 'duplicate' })
  })

  it('ends the spam or trash of a source', async () => {
    const [one, two] = [await went(called('one')), await went(called('two'))]
    await support.ask(markAsSpam({ conversationId: one, actor: ada }))
    await support.ask(mergeInto({ conversationId: one, target: two, actor: ada }))
    expect(await support.row(one)).toMatchObject({ merged: true, spam: false, spamCause: null })
    expect(await support.shownIn(two)).toEqual(['unassigned', 'allOpen', 'email'])
  })
})
