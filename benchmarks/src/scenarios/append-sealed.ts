/**
 * 1,000 events decided by one command, sealed and appended: the machinery behind the front door,
 * against prepared inserts of the same events unsealed. And what sealing costs of that.
 */
import { join } from 'node:path'
import {
  accept,
  commandHandling,
  event,
  eventTypes,
  keyRing,
  sealed,
  toSeal,
  type Category,
  type EventsOf,
  type Sealed,
} from '@threadbook/sourcing'
import { sqlite } from '@threadbook/sqlite'
import * as t from 'io-ts'
import { randomUUID } from 'node:crypto'
import { data, listOf, newEvents } from '../fixtures/events.js'
import { handWrittenLog, HAND_WRITTEN } from '../hand-written/sqlite-log.js'
import { emmettAppends } from '../peers/emmett-sqlite.js'
import { right } from '../right.js'
import { timed, type Scenario, type Subject } from '../scenario.js'

const PER_COMMAND = 1_000

const SealedNote = event(
  'SealedNote',
  { owner: t.string, note: sealed<string>() },
  { key: t.string },
)
const PlainNote = event('PlainNote', { owner: t.string, note: t.string })
const types = eventTypes(SealedNote, PlainNote)
type Noted = EventsOf<typeof types>

interface Write {
  readonly key: string | undefined
}

const notes: Category<Write, { key?: string }, Noted, never> = {
  category: 'note',
  events: types,
  initial: () => ({}),
  evolve: (state, { type, data }) =>
    type === 'SealedNote' && data.key !== undefined ? { key: data.key } : state,
  keyOf: (state) => state.key,
  decide: ({ key }) =>
    accept(
      ...listOf(PER_COMMAND, (index): Noted =>
        key === undefined
          ? { type: 'PlainNote', data }
          : {
              type: 'SealedNote',
              data: {
                owner: data.owner,
                note: toSeal(data.note) as Sealed<string>,
                ...(index === 0 && { key }),
              },
            },
      ),
    ),
}

/** Not measured: code is compiled by then. */
const COMMANDS_BEFORE = 20

const floor: Subject = {
  name: 'hand-written',
  settings: `${HAND_WRITTEN}, ${PER_COMMAND} a commit, nothing sealed, nothing decided`,
  run: async ({ folder, size }) => {
    const { append, db } = handWrittenLog(folder)
    const batches = Array.from({ length: size / PER_COMMAND }, () => newEvents(PER_COMMAND))
    for (let i = 0; i < COMMANDS_BEFORE; i++)
      append(`note-main.before.${i}`, 0, newEvents(PER_COMMAND))
    const measured = await timed(size, () =>
      batches.forEach((events, index) => append(`note-main.${index}`, 0, events)),
    )
    db.close()
    return measured
  },
}

const ours = (name: string, settings: string, isSealed: boolean): Subject => ({
  name,
  settings: `SQLite file, synchronous=FULL, ${PER_COMMAND} a command, decided and validated, ${settings}`,
  run: async ({ folder, size }) => {
    const { store, vault, close } = await sqlite(join(folder, 'threadbook.db'))
    const keys = keyRing(vault, randomUUID)
    const commands = commandHandling({ store, keys, now: () => new Date().toISOString() })
    const write = (index: number) =>
      commands.transact(
        { account: 'main', actor: 'user:ada', commandId: randomUUID() },
        async (transaction) =>
          transaction.decide(notes, String(index), {
            key: isSealed ? await transaction.freshKey() : undefined,
          }),
      )
    for (let i = 1; i <= COMMANDS_BEFORE; i++) right(await write(-i))
    const measured = await timed(size, async () => {
      for (let i = 0; i < size / PER_COMMAND; i++) right(await write(i))
    })
    await close()
    return measured
  },
})

const sealing = ours('Threadbook', 'each event with a sealed field of 200 bytes', true)

export const appendSealed: Scenario = {
  name: 'append 1,000 events in one call, sealed, end to end',
  operation: 'event',
  measure: 'perSecond',
  sizes: [50_000],
  quick: 20_000,
  floor,
  subjects: [sealing],
  peers: emmettAppends(PER_COMMAND, 10),
}

export const sealingCost: Scenario = {
  name: 'cost of sealing: a command of 1,000 events',
  operation: 'event',
  measure: 'perSecond',
  sizes: [50_000],
  quick: 20_000,
  floor: ours('Threadbook, nothing to seal', 'the same text in a plain field', false),
  subjects: [sealing],
}
