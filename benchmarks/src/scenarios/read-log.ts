/** Going through the log: for the few events of a rare type, and through all of it for an audit. */
import { join } from 'node:path'
import { kinds } from '@threadbook/core'
import {
  copySealed,
  decodeEvent,
  isSealedData,
  unseal,
  type AllSlice,
  type EventFilter,
  type EventStore,
  type EventTypes,
  type Position,
  type RecordedEvent,
  type Sealed,
  type SealedCopy,
  type Vault,
} from '@threadbook/sourcing'
import { sqlite } from '@threadbook/sqlite'
import Database from 'better-sqlite3'
import { createDecipheriv } from 'node:crypto'
import { RARE_TYPE } from '../fixtures/conversations.js'
import { FILE, inboxWithViews } from '../fixtures/logs.js'
import { right } from '../right.js'
import { timed, type Scenario, type Subject } from '../scenario.js'

/** All slices of the log, or of the part of it that passes. */
async function* slices(store: EventStore, filter?: EventFilter) {
  let after: Position | undefined
  for (let end = false; !end;) {
    const slice: AllSlice = right(await store.readAll({ after, filter })())
    yield slice.events
    after = slice.position
    end = slice.end
  }
}

const SEARCHES = 20

const scan: Subject = {
  name: 'an index on the type',
  settings: 'better-sqlite3, a table of types and positions, ordered by both, JSON.parse',
  run: async ({ fixture, folder }) => {
    const db = new Database(join(folder, 'types.db'))
    db.exec(`ATTACH '${join(fixture, FILE)}' AS log;
      CREATE TABLE by_type (type_no INTEGER, position INTEGER, PRIMARY KEY (type_no, position))
      WITHOUT ROWID;
      INSERT INTO by_type SELECT type_no, position FROM log.events ORDER BY type_no, position`)
    const select = db
      .prepare(
        `SELECT data, metadata FROM by_type JOIN log.events USING (position)
         WHERE by_type.type_no = (SELECT type_no FROM log.types WHERE name = ?)
         ORDER BY position`,
      )
      .raw()
    const read = () =>
      (select.all(RARE_TYPE) as [string, string][]).map(
        ([data, metadata]) => [JSON.parse(data), JSON.parse(metadata)] as unknown[],
      )
    if (read().length === 0) throw new Error('expected some rare events')
    const measured = await timed(SEARCHES, () => {
      for (let i = 0; i < SEARCHES; i++) read()
    })
    db.close()
    return measured
  },
}

export const rareType: Scenario = {
  name: 'read the events of a rare type, SQLite',
  operation: 'read',
  measure: 'ms',
  sizes: [100_000, 1_000_000],
  sizeOf: 'events in the log',
  quick: 100_000,
  fixture: inboxWithViews,
  floor: scan,
  subjects: [
    {
      name: 'Threadbook',
      settings: 'SQLite file, readAll filtered by type, at the port',
      run: async ({ fixture }) => {
        await using adapters = await sqlite(join(fixture, FILE))
        const read = async () => {
          let found = 0
          for await (const events of slices(adapters.store, { types: [RARE_TYPE] }))
            found += events.length
          if (found === 0) throw new Error('expected some rare events')
        }
        await read()
        return await timed(SEARCHES, async () => {
          for (let i = 0; i < SEARCHES; i++) await read()
        })
      },
    },
  ],
}

type Parsed = Pick<RecordedEvent, 'id' | 'data'>

/** Every sealed field below a value, with where it stands. */
const sealedIn = (
  value: unknown,
  eventId: string,
  found: SealedCopy<unknown>[],
  path = '',
): void => {
  if (typeof value !== 'object' || value === null) return
  if (isSealedData(value)) found.push(copySealed(value as Sealed<unknown>, eventId, path))
  else
    for (const [name, below] of Object.entries(value))
      sealedIn(below, eventId, found, path === '' ? name : `${path}.${name}`)
}

const sealedOf = (events: readonly Parsed[]): readonly SealedCopy<unknown>[] => {
  const found: SealedCopy<unknown>[] = []
  for (const { id, data } of events) sealedIn(data, id, found)
  return found
}

const types = new Map<string, EventTypes>(
  Object.values(kinds).map(({ category }) => [category.category, category.events as EventTypes]),
)

const decoded = (event: RecordedEvent): RecordedEvent => {
  const known = types.get(event.stream.slice(0, event.stream.indexOf('-')))
  if (known === undefined) throw new Error(`${event.stream}: a stream of no kind`)
  return right(decodeEvent(known)(event))
}

const opened = async (events: readonly RecordedEvent[], vault: Vault): Promise<number> => {
  const copies = sealedOf(events)
  const keys = right(await vault.read(new Set(copies.map(({ k }) => k)))())
  for (const copy of copies) unseal(copy, keys)
  return copies.length
}

const replayed = (unsealing: boolean): Subject => ({
  name: 'Threadbook',
  settings: `SQLite file, readAll in slices of 1,000, validated by codecs${unsealing ? ', keys read and every sealed field opened' : ', sealed fields left closed'}`,
  run: async ({ fixture, size }) => {
    await using adapters = await sqlite(join(fixture, FILE))
    let events = 0
    const measured = await timed(size, async () => {
      for await (const slice of slices(adapters.store)) {
        const understood = slice.map(decoded)
        if (unsealing) await opened(understood, adapters.vault)
        events += understood.length
      }
    })
    return { ...measured, operations: events }
  },
})

const TAG = 16

/** Opens a field without any library. */
const decrypted = (
  { k, n, c, e, p }: SealedCopy<unknown>,
  keys: ReadonlyMap<string, Uint8Array>,
) => {
  const bytes = Buffer.from(c, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', keys.get(k)!, Buffer.from(n, 'base64'))
  decipher.setAAD(Buffer.from(`${e}/${p}`))
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG))
  const text = decipher.update(bytes.subarray(0, bytes.length - TAG), undefined, 'utf8')
  return JSON.parse(text + decipher.final('utf8')) as unknown
}

const idText = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

/** All keys that the events name: got ready before it is measured. */
const keysOf = async (folder: string, copies: readonly SealedCopy<unknown>[]) => {
  await using adapters = await sqlite(join(folder, FILE))
  return right(await adapters.vault.read(new Set(copies.map(({ k }) => k)))())
}

const bareReplay = (unsealing: boolean): Subject => ({
  name: 'read and parse',
  settings: `better-sqlite3, the same rows of the same file, JSON.parse${unsealing ? ', decipher and JSON.parse, keys in a Map' : ''}`,
  run: async ({ fixture, size }) => {
    const db = new Database(join(fixture, FILE), { readonly: true })
    const select = db.prepare('SELECT id, data, metadata FROM events ORDER BY position').raw()
    const rows = () => select.iterate() as IterableIterator<[Buffer, string, string]>
    const parsed = (id: Buffer, data: string): Parsed => ({
      id: idText(id),
      data: JSON.parse(data) as unknown,
    })
    const keys = unsealing
      ? await keysOf(fixture, sealedOf([...rows()].map(([id, data]) => parsed(id, data))))
      : new Map<string, Uint8Array>()
    let events = 0
    const measured = await timed(size, () => {
      for (const [id, data, metadata] of rows()) {
        const event = parsed(id, data)
        JSON.parse(metadata)
        if (unsealing) for (const copy of sealedOf([event])) decrypted(copy, keys)
        events++
      }
    })
    db.close()
    return { ...measured, operations: events }
  },
})

const replay = (name: string, unsealing: boolean): Scenario => ({
  name,
  operation: 'event',
  measure: 'perSecond',
  sizes: [100_000],
  quick: 10_000,
  rounds: 3,
  fixture: inboxWithViews,
  floor: bareReplay(unsealing),
  subjects: [replayed(unsealing)],
})

export const replaySealed = replay('replay for audit, fields left sealed, SQLite', false)
export const replayUnsealed = replay('replay for audit, fields unsealed, SQLite', true)
