/** Opens a store in a process of its own, as `test/stores.ts` says where it is. */
import { eventStoreDB } from '@threadbook/eventstoredb'
import { postgres } from '@threadbook/postgres'
import { sqlite } from '@threadbook/sqlite'

/**
 * @typedef {{ store: 'sqlite', path: string }
 *   | { store: 'postgres', url: string, schema: string }
 *   | { store: 'eventstoredb', url: string, path: string }} Spec
 */

/**
 * @param {Spec} spec
 * @returns {Promise<import('@threadbook/sourcing').Adapters>}
 */
export const openStore = async (spec) => {
  switch (spec.store) {
    case 'sqlite':
      return sqlite(spec.path)
    case 'postgres':
      return postgres(spec.url, { schema: spec.schema })
    case 'eventstoredb':
      return eventStoreDB(spec.url, { readModels: await sqlite(spec.path) })
  }
}
