/** Appends and reads that are asked for at once share round trips, and nothing else. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { postgres } from '@threadbook/postgres'
import type { Adapters, EventStore, ExpectedRevision, NewEvent } from '@threadbook/sourcing'
import pg from 'pg'
import { countedPool } from './counted-pool.js'
import { newEvent, ok, wholeLog } from './fixtures.js'
import { fillUnanalysed, mostRows, plansIn } from './plans.js'
import { server } from './server.js'

const { config, newSchema, pool } = server()

let s: string
let own: ReturnType<typeof countedPool>
let adapters: Adapters
let store: EventStore
beforeEach(async () => {
  const schema = newSchema()
  s = pg.escapeIdentifier(schema)
  own = countedPool(config())
  adapters = await postgres(own.pool, { schema, listen: false })
  store = adapters.store
})
afterEach(async () => {
  await adapters.close()
  await own.pool.end()
})

const streamOf = (n: number) => `note-acme.${String(n)}`

const append = (n: number, expected: ExpectedRevision, event: NewEvent = newEvent()) =>
  store.append({ stream: streamOf(n), expected, events: [event] })()

const numbers = Array.from({ length: 40 }, (_, n) => n)

describe('appends at once', () => {
  it('go in one statement, each to its own stream', async () => {
    const [asked, first] = await own.askedBy(() =>
      Promise.all(numbers.map((n) => append(n, 'noStream', newEvent({ n })))),
    )
    expect(asked).toBe(1)
    const second = await Promise.all(numbers.map((n) => append(n, 0, newEvent('a\\"\n\u0000'))))
    const log = await wholeLog(store)
    for (const [index, answers] of [first, second].entries())
      for (const [n, answer] of answers.entries()) {
        const stored = log.find((one) => one.stream === streamOf(n) && one.revision === index)
        expect(stored?.data).toEqual(index === 0 ? { n } : 'a\\"\n\u0000')
        expect(answer).toMatchObject({
          right: { stream: streamOf(n), revision: index, position: stored!.position },
        })
      }
    expect(log).toHaveLength(80)
  })

  it('are each answered as they would be alone, whatever becomes of the others', async () => {
    const events = numbers.slice(0, 6).map((n) => newEvent({ n }))
    for (const n of [1, 2, 3, 4]) await append(n, 'noStream', events[n])
    const before = await wholeLog(store)
    const answers = await Promise.all([
      append(0, 'noStream'),
      append(1, 'noStream'),
      // A repetition, an id that stands there already, a revision that is not reached.
      append(2, 'noStream', events[2]),
      append(3, 0, events[3]),
      append(4, 1),
      append(5, 0),
      append(6, 'noStream'),
      append(6, 'noStream'),
      store.append({
        stream: streamOf(7),
        expected: 'noStream',
        events: [{ ...newEvent(), type: 'x'.repeat(3_000) }],
      })(),
    ])
    const conflict = (n: number, expected: ExpectedRevision, actual: number | 'noStream') => ({
      left: { type: 'Conflict', stream: streamOf(n), expected, actual },
    })
    expect(answers).toMatchObject([
      { right: { revision: 0 } },
      conflict(1, 'noStream', 0),
      { right: { revision: 0, position: before[1]!.position } },
      conflict(3, 0, 0),
      conflict(4, 1, 0),
      conflict(5, 0, 'noStream'),
      { right: { revision: 0 } },
      conflict(6, 'noStream', 0),
      { left: { type: 'InvalidAppend', field: 'events.0.type' } },
    ])
    expect(
      (await wholeLog(store))
        .slice(4)
        .map(({ stream }) => stream)
        .sort(),
    ).toEqual([streamOf(0), streamOf(6)])
  })

  it('that the server refuses together are refused alone', async () => {
    // As a host's own rule would.
    await pool().query(
      `ALTER TABLE ${s}.events ADD CHECK (type <> 'Forbidden');
       ALTER TABLE ${s}.streams ADD CHECK (name <> '${streamOf(2)}')`,
    )
    const answers = await Promise.all([
      append(0, 'noStream'),
      append(1, 'noStream', { ...newEvent(), type: 'Forbidden' }),
      append(2, 'noStream'),
      append(3, 'noStream'),
    ])
    expect(answers.map(({ _tag }) => _tag)).toEqual(['Right', 'Left', 'Left', 'Right'])
    expect((await wholeLog(store)).map(({ stream }) => stream).sort()).toEqual([
      streamOf(0),
      streamOf(3),
    ])
  })
})

describe('reads at once', () => {
  it('go in one statement, each of its own stream and from where it wants', async () => {
    for (const n of [0, 1, 2]) {
      const events = Array.from({ length: n * 20 }, (_, i) => newEvent({ i }))
      const [first = newEvent(), ...rest] = events
      await ok(
        store.append({ stream: streamOf(n), expected: 'noStream', events: [first, ...rest] }),
      )
    }
    const reads = [
      [0, {}],
      [1, { from: 18 }],
      [1, { from: 18, limit: 1 }],
      [1, { from: 20 }],
      [2, { limit: 33 }],
      [2, {}],
      [3, {}],
    ] as const
    const [asked, together] = await own.askedBy(() =>
      Promise.all(reads.map(([n, options]) => ok(store.readStream(streamOf(n), options)))),
    )
    // Two have more to come.
    expect(asked).toBe(3)
    const revisions = together.map(({ events }) => events.map(({ revision }) => revision))
    const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)
    expect(revisions).toEqual([[0], [18, 19], [18], [], upTo(33), upTo(40), []])
    expect(together.map(({ exists }) => exists)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
    ])
    for (const [index, [n, options]] of reads.entries())
      expect(await ok(store.readStream(streamOf(n), options))).toEqual(together[index])
  })
})

describe('on a log that was never analysed', () => {
  const EVENTS = 5_000

  it.each([
    [
      'reads',
      'read_each($1, $2, 32)',
      [
        ['note-acme.2', 'note-acme.4'],
        [2, 0],
      ],
    ],
    [
      'appends',
      `append_each($1, $2, $3, '{Put,Put}', '{"{}","{}"}', '{"{}","{}"}')`,
      [
        ['note-acme.2', 'note-acme.4'],
        [4, 4],
        [randomUUID(), randomUUID()],
      ],
    ],
  ])('%s find their streams by their names', async (_, call, values) => {
    await fillUnanalysed(pool(), s, EVENTS)
    const plans = await plansIn(pool(), `SELECT ${s}.${call}`, values)
    expect(plans).toHaveLength(1)
    for (const plan of plans) {
      expect(plan).toMatch(/Index (Only )?Scan using streams_name_key/)
      expect(plan).toMatch(/Index (Only )?Scan (Backward )?using events_stream_revision_key/)
      expect(plan).not.toMatch(/Seq Scan|Bitmap/)
      expect(mostRows(plan)).toBeLessThanOrEqual(10)
    }
  })
})
