import { join } from 'node:path'
import { expect } from '@jest/globals'
import type { Adapters } from '@threadbook/sourcing'
import { sqlite, sqliteBlobs, sqliteLog, sqliteVault } from '@threadbook/sqlite'
import {
  adaptersConformance,
  blobsConformance,
  eventStoreConformance,
  keyWrappingConformance,
  readModelsConformance,
  searchIndexConformance,
  vaultConformance,
} from '@threadbook/sourcing/conformance'
import { folder } from './files.js'
import { start } from './processes.js'

// NORMAL: the kits open hundreds of files, and none of them tests a loss of power.
const options = { synchronous: 'NORMAL' } as const
const paths = new WeakMap<object, string>()
const inFolder = folder()
let opened = 0

const inFiles = <A extends object>(open: (path: string) => Promise<A>) => {
  const at = async (path: string) => {
    const one = await open(path)
    paths.set(one, path)
    return one
  }
  return {
    open: () => at(join(inFolder, `${String(++opened)}.db`)),
    beside: { beside: (one: A) => at(paths.get(one)!) },
  }
}

// There is no second process at a database in memory: the same again stands in for it.
const sameAgain = {
  beside: async <A extends object>(subject: A) => ({ ...subject, close: async () => undefined }),
}

const store = async (path: string) => {
  const log = await sqliteLog(path, options)
  return { ...log.store, close: log.close }
}
const readModels = async (path: string) => {
  const log = await sqliteLog(path, options)
  return { ...log.readModels, close: log.close }
}

const stores = inFiles(store)
eventStoreConformance('sqlite in a file', stores.open, {
  ...stores.beside,
  appendAndDie: async (one, append) => {
    expect(await start('append-and-die', paths.get(one)!, JSON.stringify(append)).ended).toBeNull()
  },
  lacks: { disturb: 'a file has no connection to cut' },
})
eventStoreConformance('sqlite in memory', () => store(':memory:'), {
  ...sameAgain,
  lacks: {
    disturb: 'memory has no connection to cut',
    appendAndDie: 'what is in memory goes with its process',
  },
})

const rows = inFiles(readModels)
readModelsConformance('sqlite in a file', rows.open, rows.beside)
readModelsConformance('sqlite in memory', () => readModels(':memory:'), sameAgain)

const vaults = inFiles((path) => sqliteVault(path))
vaultConformance('sqlite in a file', vaults.open, vaults.beside)
vaultConformance('sqlite in memory', () => sqliteVault(':memory:'), sameAgain)
keyWrappingConformance('sqlite in a file', {
  open: (encryption) => inFiles((path) => sqliteVault(path, encryption)).open(),
  beside: (vault, encryption) =>
    inFiles((path) => sqliteVault(path, encryption)).beside.beside(vault),
})

const blobs = inFiles((path) => sqliteBlobs(path, options))
blobsConformance('sqlite in a file', blobs.open, blobs.beside)
blobsConformance('sqlite in memory', () => sqliteBlobs(':memory:'), sameAgain)

const adapters = inFiles((path): Promise<Adapters> => sqlite(path, options))
adaptersConformance('sqlite in a file', adapters.open, adapters.beside)
adaptersConformance('sqlite in memory', () => sqlite(':memory:'), sameAgain)

searchIndexConformance('sqlite in a file', adapters.open, adapters.beside)
searchIndexConformance('sqlite in memory', () => sqlite(':memory:'), sameAgain)
