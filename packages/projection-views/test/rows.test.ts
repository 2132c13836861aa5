import { describe, expect, it } from '@jest/globals'
import { toSeal } from '@threadbook/sourcing'
import { listItem, listKeys, type ConversationRow } from '../src/index.js'
import {
  bot,
  closed,
  commented,
  contact,
  delivered,
  disassociated,
  failed,
  fold,
  forwarded,
  handedOver,
  held,
  hidden,
  keys,
  lost,
  markedAsSpam,
  minute,
  participant,
  purged,
  readByThem,
  received,
  record,
  released,
  retried,
  rowOf,
  sent,
  shownIn,
  started,
  ticket,
  ticketClosed,
  ticketDeleted,
  toHelpDesk,
  trashed,
  unhidden,
  unmarkedAsSpam,
  type Fact,
} from './fixtures.js'

const says = (text: string) => ({ preview: toSeal(text) })
const about = (text: string) => ({ subject: toSeal(text) })
const read = (row: ConversationRow) => listItem({ key: 'c1', row }, new Map(), keys)
/** All of a row; what is sealed by its content, as a box of it is never the same twice. */
const readable = (...facts: readonly Fact[]) => {
  const row = rowOf(...facts)
  const { preview, subject, stranger } = row
  return [{ ...row, preview: preview?.e, subject: subject?.e, stranger: stranger?.e }, read(row)]
}
const item = (...facts: readonly Fact[]) => read(rowOf(...facts))

describe('D-28 the latest message', () => {
  it('is the one that happened last, not the one that arrived last', () => {
    const row = rowOf(
      started(),
      received({ at: minute(50), messageId: 'late', ...says('newest') }),
      received({ at: minute(20), messageId: 'early', ...says('older') }),
    )
    expect(row).toMatchObject({ lastMessageAt: minute(50), lastMessage: 'late', lastRevision: 1 })
    expect(read(row).preview).toBe('newest')
  })
  it('is of two at the same time the one with the higher revision', () =>
    expect(
      item(
        started(),
        sent({ at: minute(5), ...says('first') }),
        received({ at: minute(5), ...says('second') }),
      ).preview,
    ).toBe('second'))
  it('decides Sent, whatever came in between', () =>
    expect(shownIn(started(), received({ at: minute(9) }), sent({ at: minute(3) }))).not.toContain(
      'sent',
    ))
  it('S-111 gives the span of activity with the earliest one', () =>
    expect(
      rowOf(started(), received({ at: minute(50) }), received({ at: minute(20) })),
    ).toMatchObject({ firstActivityAt: minute(20), lastMessageAt: minute(50) }))
  it('stands at its start while there is none', () =>
    expect(rowOf(started({ at: minute(3) }))).toMatchObject({
      lastMessageAt: minute(3),
      lastRevision: -1,
      lastDirection: null,
    }))
})

describe('D-13 comments', () => {
  it('do not count as activity', () =>
    expect(rowOf(started(), received(), commented({ at: minute(90) })).lastMessageAt).toBe(
      minute(1),
    ))
  it('K-17 show the preview of the last one', () =>
    expect(
      item(
        started(),
        commented({ at: minute(9), ...says('newer') }),
        commented({ at: minute(4), ...says('older') }),
      ).lastComment,
    ).toBe('newer'))
})

describe('D-21 what is filtered', () => {
  const mail = [started(), received(says('please help'))]
  const filtered = received({
    at: minute(90),
    mailClass: 'automatic',
    filtered: 'automatedResponse',
    ...says('away'),
  })
  it('changes nothing in a running conversation', () =>
    expect(readable(...mail, filtered)).toEqual(readable(...mail)))
  it('does not make an outbound conversation an answered one', () =>
    expect(shownIn(started(), sent({ kind: 'composed' }), filtered)).toEqual(['sent']))
  it('starts a conversation that is spam, and shows in Unassigned once it is not', () => {
    const history = [
      started(),
      received({ mailClass: 'bulk' }),
      markedAsSpam({ cause: 'marketing' }),
    ]
    expect(rowOf(...history)).toMatchObject({
      hasInbound: true,
      spam: true,
      spamCause: 'marketing',
    })
    expect(shownIn(...history)).toEqual(['spam'])
    expect(shownIn(...history, unmarkedAsSpam)).toContain('unassigned')
  })
  it('never takes a bounce for a word from the contact', () => {
    const bounce = received({ mailClass: 'bounce', at: minute(90) })
    expect(shownIn(started(), bounce, markedAsSpam({ cause: 'bounce' }))).toEqual(['spam'])
    expect(shownIn(started(), bounce)).toEqual([])
    const mail = [started(), sent()]
    expect(readable(...mail, bounce)).toEqual(readable(...mail))
  })
  it('D-08 keeps mail from a blocked sender as spam', () =>
    expect(shownIn(started(), received(), markedAsSpam({ cause: 'blockedSender' }))).toEqual([
      'spam',
    ]))
})

describe('D-05 a new message of the contact', () => {
  it('leaves a conversation closed unless the decision was to reopen it', () =>
    expect(rowOf(started(), received(), closed, received()).status).toBe('closed'))
})

describe('D-10 S-094 a hidden message', () => {
  const history = [
    started(),
    received({ messageId: 'a', ...about('my card number'), ...says('it is 1234') }),
  ]
  it('shows neither its preview nor its subject in the list', () =>
    expect(item(...history, hidden('a'))).toMatchObject({
      preview: { hidden: true },
      subject: { hidden: true },
    }))
  it('S-097 comes back when it is unhidden', () =>
    expect(item(...history, hidden('a'), unhidden('a'))).toMatchObject({
      preview: 'it is 1234',
      subject: 'my card number',
    }))
  it('does not hide the preview of another', () => {
    const next = [...history, received({ messageId: 'b', ...says('thanks') })]
    expect(item(...next, hidden('a'))).toMatchObject({
      preview: 'thanks',
      subject: { hidden: true },
    })
    expect(item(...history, hidden('a'), received({ ...says('thanks') })).preview).toBe('thanks')
  })
  it('does not hide the subject of an earlier one that arrives late', () => {
    const late = [...history, hidden('a'), received({ at: minute(0), ...about('a question') })]
    expect(item(...late)).toMatchObject({ subject: 'a question', preview: { hidden: true } })
  })
  it('asks for no key that would open it', () => {
    const row = rowOf(...history, contact('zoe'), hidden('a'))
    expect([...listKeys([{ key: 'c1', row }], new Map())]).toEqual([])
  })
})

describe('K-17 what a row shows', () => {
  it('is the subject of the earliest message that has one', () => {
    const reply = received({ at: minute(30), ...about('Re: broken lamp') })
    const first = received({ at: minute(10), ...about('broken lamp') })
    expect(item(started(), reply, first).subject).toBe('broken lamp')
    expect(item(started(), first, reply).subject).toBe('broken lamp')
    expect(item(started(), received({ at: minute(1) }), reply).subject).toBe('Re: broken lamp')
    expect(item(started({ channel: 'chat' }), received()).subject).toBeNull()
  })
  it('is how many people take part', () => {
    expect(item(started()).participants).toBe(0)
    expect(item(started(), received(), sent()).participants).toBe(1)
    expect(item(started(), received(), participant()).participants).toBe(2)
  })
  it('is a mark once it was answered, by a person', () => {
    expect(item(started(), sent({ kind: 'composed' })).replied).toBe(false)
    expect(item(started(), received(), sent({ kind: 'bot' })).replied).toBe(false)
    expect(item(started(), received(), sent()).replied).toBe(true)
  })
  it('is a mark where the last thing sent did not arrive', () => {
    expect(item(started(), sent(), failed()).deliveryFailed).toBe(true)
    expect(item(started(), sent(), failed(), sent()).deliveryFailed).toBe(false)
  })
  it.each([
    ['arrived', handedOver()],
    ['was delivered', delivered()],
    ['was read', readByThem()],
    ['is sent again', retried()],
  ])('K-20 is a mark until what did not arrive, or nobody knows of, %s', (_, event) => {
    const left = [started(), sent({ messageId: 'm0' })]
    expect(item(...left, lost())).toMatchObject({ deliveryUnknown: true, deliveryFailed: false })
    expect(item(...left, lost(), failed())).toMatchObject({
      deliveryUnknown: false,
      deliveryFailed: true,
    })
    for (const bad of [lost(), failed()]) {
      const settled = { deliveryUnknown: false, deliveryFailed: false }
      expect(item(...left, bad, event)).toMatchObject(settled)
      const other = { ...event, data: { ...event.data, messageId: 'another' } }
      expect(item(...left, bad, other)).not.toMatchObject(settled)
    }
  })
  it('K-17 S-084 is a mark once it was forwarded, which moves nothing else', () => {
    const before = rowOf(started(), received({ at: minute(1), messageId: 'm0' }))
    const after = rowOf(
      started(),
      received({ at: minute(1), messageId: 'm0' }),
      forwarded({ at: minute(9) }),
    )
    const { preview, subject, stranger, ...facts } = before
    expect([preview, subject, stranger]).toHaveLength(3)
    expect(after).toMatchObject({ ...facts, forwarded: true })
  })
  it('is status, channel, time, owner and contact', () =>
    expect(item(started({ contact: 'zoe' }), received())).toMatchObject({
      conversationId: 'c1',
      channel: 'email',
      status: 'open',
      lastMessageAt: minute(1),
      owner: null,
      contact: { id: 'zoe', name: null },
    }))
  it('D-17 is who wrote first, as long as that is nobody’s contact', () => {
    const history = [started(), received()]
    expect(item(...history).stranger).toEqual({ address: 'zoe@example.org' })
    expect(item(...history, contact('zoe')).stranger).toBeNull()
    expect(item(started(), sent(), received()).stranger).toBeNull()
  })
  it('S-014 is the chatflow that took part', () =>
    expect(rowOf(started(), bot()).chatflow).toBe('Greeter'))
})

it('S-109 reads as erased once the key is gone', () => {
  const row = rowOf(started(), received(about('secret')))
  expect(listItem({ key: 'c1', row }, new Map(), new Map())).toMatchObject({
    subject: { erased: true },
    preview: { erased: true },
  })
})

it('S-109 leaves no row of a purged conversation', () =>
  expect(fold(record('c1', [started(), received(), trashed, purged()])).rows.size).toBe(0))

describe('D-06 the clocks', () => {
  it('D-28 count from the act, not from the date of the mail', () => {
    expect(rowOf(started(), received(), { ...trashed, at: minute(-900) }).trashedAt).toBe(minute(2))
    expect(rowOf(started(), received(), markedAsSpam({ at: minute(-900) })).spamAt).toBe(minute(2))
  })
  it('start again when it is trashed again', () =>
    expect(rowOf(started(), trashed, trashed).trashedAt).toBe(minute(2)))
  it('stop while it is held', () => {
    expect(rowOf(started(), held()).hold).toBe(true)
    expect(rowOf(started(), held(), released).hold).toBe(false)
  })
})

it('S-049 forgets the contact that was disassociated', () => {
  expect(rowOf(started(), contact('zoe')).contact).toBe('zoe')
  expect(rowOf(started(), contact('zoe'), disassociated).contact).toBeNull()
})

it('passes over what comes for a conversation it does not know', () =>
  expect(fold(record('c1', [received(), closed])).rows.size).toBe(0))

describe('K-08 the tickets of a conversation', () => {
  const history = [started(), received(), ticket('t1'), ticket('t2')]
  it('are known by the oldest, and by whether that is closed', () => {
    expect(rowOf(started())).toMatchObject({ ticket: null, ticketStatus: null })
    expect(rowOf(...history)).toMatchObject({ ticket: 't1', ticketStatus: 'open' })
    expect(rowOf(...history, ticketClosed('t2'))).toMatchObject({ ticketStatus: 'open' })
    expect(rowOf(...history, ticketClosed('t1'))).toMatchObject({ ticketStatus: 'closed' })
  })
  it('S-082 are another once it is deleted', () => {
    expect(rowOf(...history, ticketDeleted('t1'))).toMatchObject({ ticket: 't2' })
    expect(rowOf(...history, ticketDeleted('t1'), ticketDeleted('t2'))).toMatchObject({
      ticket: null,
      ticketStatus: null,
      tickets: [],
    })
  })
  it('D-15 stay when it is trashed', () =>
    expect(rowOf(...history, trashed)).toMatchObject({ ticket: 't1' }))
})

it('S-060 D-04 is in no view of the inbox once it was moved to the help desk', () => {
  const moved = [ticket('t1'), toHelpDesk('t1')]
  for (const ended of [[], [closed], [trashed], [markedAsSpam()]])
    expect(shownIn(started(), received(), ...ended, ...moved)).toEqual([])
})
