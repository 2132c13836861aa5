import { postgres } from '@threadbook/postgres'
import type { Adapters, KeyEncryption } from '@threadbook/sourcing'
import {
  blobsConformance,
  eventStoreConformance,
  keyWrappingConformance,
  readModelsConformance,
  searchIndexConformance,
  vaultConformance,
} from '@threadbook/sourcing/conformance'
import { appendAndDie, cutAll } from './breaking.js'
import { schemas } from './schemas.js'
import { server } from './server.js'

type Port = 'store' | 'readModels' | 'vault' | 'blobs'

const { config, pool } = server()
const { pool: aside } = server()
const { take, share, giveBack } = schemas(pool)
const schemaOf = new WeakMap<object, string>()

/** One port, which closes all of its adapters with itself. */
const only = <P extends Port>(port: P, encryption: KeyEncryption = {}) => {
  const at = async (schema: string): Promise<Adapters[P]> => {
    const opening = postgres(pool(), { schema, ...encryption })
    const adapters = await opening.catch((error: unknown) => {
      giveBack(schema)
      throw error
    })
    let closed = false
    const close = async () => {
      await adapters[port].close()
      await adapters.close()
      if (!closed) giveBack(schema)
      closed = true
    }
    const one: Adapters[P] = { ...adapters[port], close }
    schemaOf.set(one, schema)
    return one
  }
  const beside = (one: Adapters[P]) => {
    const schema = schemaOf.get(one)!
    share(schema)
    return at(schema)
  }
  return [async () => at(await take()), { beside }] as const
}

const [openStore, besideStore] = only('store')
eventStoreConformance('postgres', openStore, {
  ...besideStore,
  disturb: () => cutAll(pool(), aside()),
  appendAndDie: (store, append) => appendAndDie(config(), schemaOf.get(store)!, append),
})
readModelsConformance('postgres', ...only('readModels'))
vaultConformance('postgres', ...only('vault'))
keyWrappingConformance('postgres', {
  open: (encryption) => only('vault', encryption)[0](),
  beside: (vault, encryption) => only('vault', encryption)[1].beside(vault),
})
blobsConformance('postgres', ...only('blobs'))

const whole = {
  at: async (schema: string): Promise<Adapters> => {
    const adapters = await postgres(pool(), { schema })
    let closed = false
    const close = async () => {
      await adapters.close()
      if (!closed) giveBack(schema)
      closed = true
    }
    const one: Adapters = { ...adapters, close }
    schemaOf.set(one, schema)
    return one
  },
  beside: (one: Adapters) => {
    const schema = schemaOf.get(one)!
    share(schema)
    return whole.at(schema)
  },
}
searchIndexConformance('postgres', async () => whole.at(await take()), { beside: whole.beside })
