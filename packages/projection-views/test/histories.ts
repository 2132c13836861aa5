/** Random histories: any facts in any order, dated at random, over a few inboxes and accounts. */
import { team, user, type Channel } from '@threadbook/core'
import type { RecordedEvent } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import {
  assigned,
  blockedSaid,
  bot,
  closed,
  commented,
  forgotten,
  handedOff,
  hidden,
  labelled,
  markedAsSpam,
  mergedInto,
  minute,
  moved,
  property,
  purged,
  received,
  record,
  reopened,
  restored,
  sent,
  snoozed,
  started,
  trashed,
  unassigned,
  unhidden,
  unlabelled,
  unmerged,
  unmarkedAsSpam,
  woken,
  type Fact,
} from './fixtures.js'

const channels: readonly Channel[] = ['email', 'chat', 'messenger', 'form', 'call']
const times = fc.integer({ min: 0, max: 6 }).map(minute)
const messageIds = fc.constantFrom('a', 'b', 'c')
const messages = { at: times, messageId: messageIds, channel: fc.constantFrom(...channels) }

const facts: fc.Arbitrary<Fact> = fc.oneof(
  { weight: 4, arbitrary: fc.record(messages).map(received) },
  fc
    .record({ ...messages, mailClass: fc.constantFrom('bounce', 'automatic', 'personal') })
    .map(received),
  fc.record({ ...messages, filtered: fc.constant('automatedResponse' as const) }).map(received),
  {
    weight: 3,
    arbitrary: fc
      .record({ ...messages, kind: fc.constantFrom('reply', 'composed', 'logged', 'bot') })
      .map(sent),
  },
  fc.record({ at: times }).map(commented),
  {
    weight: 2,
    arbitrary: fc.constantFrom(user('ada'), user('bo'), team('night')).map(assigned),
  },
  { weight: 2, arbitrary: fc.constant(bot()) },
  fc
    .record({ cause: fc.constantFrom('marked', 'marketing', 'blockedSender') })
    .map((data) => markedAsSpam(data)),
  messageIds.map(hidden),
  messageIds.map(unhidden),
  fc.constantFrom(unassigned, handedOff, closed, reopened, woken, restored, unmarkedAsSpam),
  fc.constantFrom(trashed, snoozed()),
  fc.constantFrom(moved(), moved({ to: 'support' }), labelled(), unlabelled(), property()),
  fc.record({ at: times, messageId: messageIds }).map(blockedSaid),
  messageIds.map(forgotten),
)

/** One conversation, from its start; purged or merged away at the end of some, and taken out again. */
export const histories: fc.Arbitrary<readonly Fact[]> = fc
  .tuple(
    fc.record({
      at: times,
      channel: fc.constantFrom(...channels),
      inbox: fc.constantFrom('support', 'sales', 'a/b'),
    }),
    fc.array(facts, { maxLength: 14 }),
    fc.option(fc.constantFrom([mergedInto()], [purged()], [mergedInto(), unmerged()]), { freq: 4 }),
  )
  .map(([start, middle, end]) => [started(start), ...middle, ...(end ?? [])])

/** Several conversations of two accounts, their events interleaved, each stream's in its order. */
export const logs: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .array(fc.tuple(histories, fc.constantFrom('acme', 'other')), { minLength: 1, maxLength: 8 })
  .chain((all) => {
    const streams = all.map(([facts, account], n) => record(`c${String(n)}`, facts, { account }))
    const turns = streams.flatMap((events, n) => events.map(() => n))
    return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => {
      const next = streams.map(() => 0)
      return order.map((n) => streams[n]![next[n]!++]!)
    })
  })
