/**
 * A real server that goes away and comes back while everything is under way:
 * EVENTSTOREDB_URL says where it is, EVENTSTOREDB_DISTURB is a shell command that takes it away
 * (stops, kills, freezes it) and brings it back. Its log has to be on disk.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { isNonEmpty, type EventStore, type Position } from '@threadbook/sourcing'
import { eventStoreDBEventStore } from '@threadbook/eventstoredb'
import { anAppend, closing, eventsIn, idsOf, newEvent, ok, reading } from './harness.js'

const { EVENTSTOREDB_URL: url, EVENTSTOREDB_DISTURB: command } = process.env
const ROUNDS = 3
const WRITERS = 4
const MINUTE = 60_000

const event = () => newEvent({ id: randomUUID() })

/** Appends at exact revisions, and again what is `Unavailable`, until it is told to stop. */
const write = async (store: EventStore, stream: string, isOver: () => boolean) => {
  const acknowledged: string[] = []
  let unavailable = 0
  while (!isOver()) {
    const events = [event(), event()] as const
    const revision = acknowledged.length - 1
    const append = anAppend([...events], revision < 0 ? 'noStream' : revision, stream)
    const answer = await store.append(append)()
    if (answer._tag === 'Left') unavailable++
    const { revision: last } =
      answer._tag === 'Right' ? answer.right : await ok(store.append(append))
    expect(last).toBe(revision + 2)
    acknowledged.push(...idsOf(events))
  }
  return { acknowledged, unavailable }
}

/** Reads the part of the log again and again; each time it has at least what the time before had. */
const readOnAndOn = async (store: EventStore, prefix: string, isOver: () => boolean) => {
  let before: readonly string[] = []
  for (let times = 1; ; times++) {
    const ids: string[] = []
    for (let after: Position | undefined; ;) {
      const filter = { streamPrefixes: [prefix] }
      const slice = await store.readAll({ after, limit: 500, filter })()
      if (slice._tag === 'Left') continue
      ids.push(...idsOf(slice.right.events))
      after = slice.right.position
      if (slice.right.end) break
    }
    expect(ids.slice(0, before.length)).toEqual(before)
    before = ids
    if (isOver()) return { ids, times }
  }
}

/** All that a subscription gives; it stops behind the event whose stream is `last`. */
const follow = async (store: EventStore, prefix: string, last: string) => {
  const reader = reading(store, { filter: { streamPrefixes: [prefix] }, limit: 100 })
  const ids: string[] = []
  let caughtUp = 0
  for (;;) {
    const { value, done } = await reader.next()
    if (done === true || value.type === 'failed') throw new Error(JSON.stringify(value ?? 'ended'))
    if (value.type === 'caughtUp') caughtUp++
    const events = eventsIn([value])
    ids.push(...idsOf(events.filter(({ stream }) => stream !== last)))
    if (events.some(({ stream }) => stream === last)) return { ids, caughtUp }
  }
}

if (url === undefined || command === undefined)
  it.skip('EVENTSTOREDB_URL and EVENTSTOREDB_DISTURB name no server to disturb', () => undefined)
else
  it(
    'while a server goes away and comes back nothing acknowledged is lost, doubled or out of order',
    async () => {
      const store = closing(await eventStoreDBEventStore(url))
      const prefix = `held-${randomUUID().slice(0, 8)}.`
      const last = `${prefix}last`
      let over = false
      const isOver = () => over
      const following = follow(store, prefix, last)
      const log = readOnAndOn(store, prefix, isOver)
      const streams = [...Array(WRITERS).keys()].map((writer) => `${prefix}${String(writer)}`)
      const writing = streams.map((stream) => write(store, stream, isOver))

      for (let round = 0; round < ROUNDS; round++) {
        await sleep(2_000)
        await promisify(execFile)('sh', ['-c', command], { timeout: 2 * MINUTE })
      }
      await sleep(2_000)
      over = true

      const written = await Promise.all(writing)
      await log
      await ok(store.append(anAppend([event()], 'noStream', last)))
      const followed = await following
      expect(followed.caughtUp).toBe(1)
      const whole = (await readOnAndOn(store, prefix, () => true)).ids.slice(0, -1)
      expect(followed.ids).toEqual(whole)
      expect([...whole].sort()).toEqual(written.flatMap((one) => one.acknowledged).sort())
      for (const [index, stream] of streams.entries()) {
        const { events } = await ok(store.readStream(stream))
        if (!isNonEmpty(events)) throw new Error('nothing was written')
        expect(idsOf(events)).toEqual(written[index]!.acknowledged)
        expect(events.map(({ revision }) => revision)).toEqual([...events.keys()])
      }
      process.stdout.write(
        `${String(whole.length)} events, ` +
          `${String(written.reduce((sum, one) => sum + one.unavailable, 0))} times unavailable\n`,
      )
    },
    10 * MINUTE,
  )
