import { openVault, type Adapters, type KeyEncryption, type Vault } from '@threadbook/sourcing'
import { blobsOver } from './blobs.js'
import { openDatabase, type ConnectTo, type DatabaseOptions } from './database.js'
import { eventStoreOver } from './event-store.js'
import { quoted } from './identifiers.js'
import { logOver } from './log.js'
import { newsOf, type NewsOptions } from './news.js'
import { readModelsOver } from './read-models.js'
import { migrate } from './schema.js'
import { searchIndexOver } from './search-index.js'
import { storedKeysOver } from './vault.js'

export interface PostgresOptions extends DatabaseOptions, NewsOptions, KeyEncryption {
  /** Where all tables are; `threadbook` unless told. */
  readonly schema?: string | undefined
}

/**
 * Log, read models, keys and blobs in one schema of a PostgreSQL database (13 or later, UTF8), made
 * or brought up to date first. Any number of processes may share it. A pool of the host's own is
 * used as it is, and left open. Rejects where the server cannot be reached, the schema was written
 * by newer software, or holds keys wrapped by a key-encryption key that was not given.
 */
export const postgres = async (
  connectTo: ConnectTo,
  options: PostgresOptions = {},
): Promise<Adapters & AsyncDisposable> => {
  const { schema = 'threadbook' } = options
  const s = quoted(schema)
  const db = openDatabase(connectTo, options)
  let vault: Vault
  try {
    await migrate(db, schema)
    vault = await openVault(storedKeysOver(db, s), options)
  } catch (error) {
    await db.close()
    throw error
  }
  const store = eventStoreOver(logOver(db, s), newsOf(db, schema, options))
  const readModels = readModelsOver(db, schema)
  const blobs = blobsOver(db, s)
  const search = searchIndexOver(db, schema)
  const close = async () => {
    await Promise.all([store, readModels, vault, blobs, search].map((adapter) => adapter.close()))
    await db.close()
  }
  return { store, readModels, vault, blobs, search, close, [Symbol.asyncDispose]: close }
}
