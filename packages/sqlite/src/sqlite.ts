import type { Adapters, EventStore, KeyEncryption, ReadModels } from '@threadbook/sourcing'
import { beside } from './beside.js'
import { sqliteBlobs } from './blobs.js'
import { openDatabase, type Database, type DatabaseOptions } from './database.js'
import { eventStoreOver } from './event-store.js'
import { inlineOver } from './inline.js'
import { openLeases } from './leases.js'
import { openLog } from './log.js'
import { readModelsOver } from './read-models.js'
import { logSchema } from './schema.js'
import { sqliteSearch } from './search.js'
import { openTables } from './tables.js'
import { sqliteVault } from './vault.js'

export type SqliteOptions = DatabaseOptions & KeyEncryption

export interface SqliteLog {
  readonly store: EventStore
  readonly readModels: ReadModels
  readonly projectInline: NonNullable<Adapters['projectInline']>
  readonly swapInline: NonNullable<Adapters['swapInline']>
  readonly close: () => Promise<void>
}

const openFile = async (
  path: string,
  options?: DatabaseOptions,
): Promise<SqliteLog & { readonly db: Database }> => {
  const db = await openDatabase(path, logSchema, options)
  const log = openLog(db)
  const leases = openLeases(db)
  const tables = openTables(db, leases)
  const inline = inlineOver(db, log, tables)
  const store = eventStoreOver(db, log, inline.onStored)
  const readModels = readModelsOver(db, tables, leases, options)
  return {
    db,
    store,
    readModels,
    projectInline: inline.projectInline,
    swapInline: (projection, lease) => async () => {
      await readModels.filled()
      return inline.swapInline(projection, lease)()
    },
    close: async () => {
      inline.close()
      await Promise.all([store.close(), readModels.close()])
      await db.close()
    },
  }
}

/** The log and the read models, in one file. */
export const sqliteLog = async (path: string, options?: DatabaseOptions): Promise<SqliteLog> => {
  const { store, readModels, projectInline, swapInline, close } = await openFile(path, options)
  return { store, readModels, projectInline, swapInline, close }
}

/**
 * Everything beside one path: log and read models in `support.db`, keys in `support.keys.db`, blobs
 * in `support.blobs.db`, the search index in `support.search.db`; or all of it in memory with `:memory:`. Several processes may open the same
 * files. Rejects, naming the file, where it is no database, somebody else's, of newer software, or
 * holds keys that are wrapped by a key-encryption key which was not given.
 */
export const sqlite = async (
  path: string,
  options?: SqliteOptions,
): Promise<Adapters & AsyncDisposable> => {
  const open: { readonly close: () => Promise<void> }[] = []
  const opened = async <A extends { readonly close: () => Promise<void> }>(
    opening: Promise<A>,
  ): Promise<A> => {
    const adapter = await opening
    open.unshift(adapter)
    return adapter
  }
  const close = async () => {
    for (const adapter of open) await adapter.close()
  }
  try {
    const { db, store, readModels, projectInline, swapInline } = await opened(
      openFile(path, options),
    )
    const search = await opened(sqliteSearch(path, db, options))
    const vault = await opened(sqliteVault(beside(path, 'keys'), options))
    const blobs = await opened(sqliteBlobs(beside(path, 'blobs'), options))
    return {
      store,
      readModels,
      vault,
      blobs,
      search,
      projectInline,
      swapInline,
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
