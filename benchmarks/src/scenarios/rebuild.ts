/** The list built anew from the log, against reading and parsing the same rows. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { conversationRows } from '@threadbook/projection-views'
import { processTurns, rebuilder, type Rows } from '@threadbook/sourcing'
import { sqlite } from '@threadbook/sqlite'
import Database from 'better-sqlite3'
import { conversationLog, FILE } from '../fixtures/logs.js'
import { emmettRebuildsSqlite } from '../peers/rebuild.js'
import { right } from '../right.js'
import { timed, type Scenario, type Subject } from '../scenario.js'

const list = conversationRows as unknown as Rows

const readAndParse: Subject = {
  name: 'read and parse',
  settings:
    'better-sqlite3, the same rows of the same file in their order, JSON.parse of both texts',
  run: async ({ fixture, size }) => {
    const db = new Database(join(fixture, FILE), { readonly: true })
    const select = db.prepare('SELECT data, metadata FROM events ORDER BY position').raw()
    const measured = await timed(size, () => {
      for (const [data, metadata] of select.iterate() as IterableIterator<[string, string]>) {
        JSON.parse(data)
        JSON.parse(metadata)
      }
    })
    db.close()
    return measured
  },
}

const rebuilt: Subject = {
  name: 'Threadbook',
  settings:
    'SQLite file, rows, indexes and counters of the list built beside, written in a second thread, and swapped in, synchronous=FULL',
  run: async ({ fixture, folder, size }) => {
    await cp(fixture, folder, { recursive: true })
    await using adapters = await sqlite(join(folder, FILE))
    const turns = processTurns(adapters.readModels)
    const measured = await timed(size, async () =>
      right(await rebuilder(adapters, turns).rebuild(list)),
    )
    await turns.stop()
    return measured
  },
}

export const rebuildSqlite: Scenario = {
  name: 'rebuild the list, SQLite',
  operation: 'event',
  measure: 'perSecond',
  sizes: [100_000, 1_000_000],
  quick: 100_000,
  rounds: 3,
  fixture: conversationLog,
  floor: readAndParse,
  subjects: [rebuilt],
  peers: emmettRebuildsSqlite,
}
