import { describe, it } from '@jest/globals'
import { postgres } from '@threadbook/postgres'
import type { Adapters } from '@threadbook/sourcing'
import {
  blobsConformance,
  eventStoreConformance,
  readModelsConformance,
  vaultConformance,
} from '@threadbook/sourcing/conformance'
import { schemas } from './schemas.js'
import { isWanted, server } from './server.js'

type Port = 'store' | 'readModels' | 'vault' | 'blobs'

if (!isWanted) it.skip('STORES leaves PostgreSQL out', () => undefined)
else
  describe('postgres', () => {
    const { pool } = server()
    const { take, share, giveBack } = schemas(pool)
    const schemaOf = new WeakMap<object, string>()

    /** One port, which closes all of its adapters with itself. */
    const only = <P extends Port>(port: P) => {
      const at = async (schema: string): Promise<Adapters[P]> => {
        const adapters = await postgres(pool(), { schema })
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

    eventStoreConformance('postgres', ...only('store'))
    readModelsConformance('postgres', ...only('readModels'))
    vaultConformance('postgres', ...only('vault'))
    blobsConformance('postgres', ...only('blobs'))
  })
