/** Every store that a host can choose, behind its front door; STORES narrows them (see scripts). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from '@jest/globals'
import { eventStoreDB } from '@threadbook/eventstoredb'
import { postgres } from '@threadbook/postgres'
import type { Adapters } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import { sqlite } from '@threadbook/sqlite'
import {
  EventLog,
  startServer,
  type SmallServer,
} from '../packages/eventstoredb/test/server/index.js'
import { server, urlOf } from '../packages/postgres/test/server.js'
import type { Spec } from './programs/open-store.mjs'
import { wanted, type StoreName } from '../scripts/stores.mjs'

export interface Place {
  /** Opens it; again: the same data, as another process would. */
  readonly open: () => Promise<Adapters>
  /** What the command line calls it: options after `--store NAME`; none for what is in memory only. */
  readonly options?: readonly string[]
  /** How a process of its own opens it. */
  readonly spec?: Spec
}

export interface TestedStore {
  readonly name: StoreName
  /** One with nothing in it. */
  readonly place: () => Promise<Place>
}

const inMemory = (): TestedStore => ({
  name: 'memory',
  place: async () => {
    const adapters = await memory()
    return { open: async () => ({ ...adapters, close: () => Promise.resolve() }) }
  },
})

const onSqlite = (): TestedStore => {
  const folder = mkdtempSync(join(tmpdir(), 'threadbook-stores-'))
  let files = 0
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    name: 'sqlite',
    place: async () => {
      const file = join(folder, `${String(++files)}.db`)
      return {
        open: () => sqlite(file),
        options: ['--db', file],
        spec: { store: 'sqlite', path: file },
      }
    },
  }
}

const onPostgres = (): TestedStore => {
  const { config, newSchema } = server()
  return {
    name: 'postgres',
    place: async () => {
      const schema = newSchema()
      const url = urlOf(config())
      return {
        open: () => postgres(url, { schema }),
        options: ['--url', url, '--schema', schema],
        spec: { store: 'postgres', url, schema },
      }
    },
  }
}

const onEventStoreDB = (): TestedStore => {
  const folder = mkdtempSync(join(tmpdir(), 'threadbook-stores-'))
  const servers: SmallServer[] = []
  afterAll(async () => {
    for (const each of servers) await each.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    name: 'eventstoredb',
    place: async () => {
      const small = await startServer(new EventLog())
      const url = `esdb://127.0.0.1:${String(small.port)}?tls=false`
      const file = join(folder, `${String(servers.push(small))}.db`)
      return {
        open: async () => eventStoreDB(url, { readModels: await sqlite(file) }),
        options: ['--url', url, '--db', file],
        spec: { store: 'eventstoredb', url, path: file },
      }
    },
  }
}

const makers = {
  memory: inMemory,
  sqlite: onSqlite,
  postgres: onPostgres,
  eventstoredb: onEventStoreDB,
}

/** For tests that need just these; undefined where STORES leaves one of them out. */
export const theseStores = (...names: readonly StoreName[]): readonly TestedStore[] | undefined =>
  names.every((name) => wanted.includes(name)) ? names.map((name) => makers[name]()) : undefined

/** Once on each of the stores. */
export const onEveryStore = (
  tests: (store: TestedStore) => void,
  names: readonly StoreName[] = wanted,
): void => {
  for (const name of names.filter((each) => wanted.includes(each)))
    describe(`on ${name}`, () => {
      tests(makers[name]())
    })
}
