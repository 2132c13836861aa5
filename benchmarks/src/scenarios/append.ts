/** Appends at the port, against prepared inserts with the same durability. */
import { join } from 'node:path'
import { sqlite } from '@threadbook/sqlite'
import { newEvents } from '../fixtures/events.js'
import { handWrittenLog, HAND_WRITTEN } from '../hand-written/sqlite-log.js'
import { emmettAppends } from '../peers/emmett-sqlite.js'
import { right } from '../right.js'
import { timed, WARM_UP, type Scenario, type Subject } from '../scenario.js'

const bare = (perCommit: number): Subject => ({
  name: 'hand-written',
  settings: `${HAND_WRITTEN}, ${perCommit} a commit`,
  run: async ({ folder, size }) => {
    const { append, db } = handWrittenLog(folder)
    const batches = Array.from({ length: size / perCommit }, () => newEvents(perCommit))
    for (let i = 0; i < WARM_UP; i++) append(`warm-${i}`, 0, newEvents(1))
    const measured = await timed(size, () =>
      batches.forEach((events, index) => append(`conversation-main.${index}`, 0, events)),
    )
    db.close()
    return measured
  },
})

const ours = (perCommit: number): Subject => ({
  name: 'Threadbook',
  settings: `SQLite file, WAL, synchronous=FULL, at the port, ${perCommit} a call`,
  run: async ({ folder, size }) => {
    const { store, close } = await sqlite(join(folder, 'threadbook.db'))
    const append = async (stream: string, events: ReturnType<typeof newEvents>) =>
      right(await store.append({ stream, expected: 'noStream', events })())
    const batches = Array.from({ length: size / perCommit }, () => newEvents(perCommit))
    for (let i = 0; i < WARM_UP; i++) await append(`warm-main.${i}`, newEvents(1))
    const measured = await timed(size, async () => {
      for (const [index, events] of batches.entries())
        await append(`conversation-main.${index}`, events)
    })
    await close()
    return measured
  },
})

export const appendOne: Scenario = {
  name: 'append one event, SQLite file',
  operation: 'event',
  measure: 'perSecond',
  sizes: [2_000],
  quick: 1_000,
  rounds: 9,
  floor: bare(1),
  subjects: [ours(1)],
  peers: emmettAppends(1, 200),
}

export const appendMany: Scenario = {
  name: 'append 1,000 events in one call, SQLite file',
  operation: 'event',
  measure: 'perSecond',
  sizes: [100_000],
  quick: 30_000,
  floor: bare(1_000),
  subjects: [ours(1_000)],
  peers: emmettAppends(1_000, 10),
}

export const appendManyGrowth: Scenario = {
  ...appendMany,
  name: 'growth: appends of 1,000 into a SQLite file',
  sizes: [10_000, 100_000, 1_000_000],
  quick: 10_000,
  rounds: 3,
  peers: [],
}
