/**
 * Everything in this process's memory, gone with it: for tests, trials and examples. It keeps to
 * the ports like any other store, and is what the others are measured against.
 */
import * as E from 'fp-ts/lib/Either.js'
import { tellParked, type Adapters, type OnParked } from '../adapters.js'
import { projectionFilter } from '../follow.js'
import type { ParkedEvent, Rows } from '../projection.js'
import { memoryBlobs } from './blobs.js'
import { door } from './door.js'
import { storeOver } from './event-store.js'
import { memoryLog } from './log.js'
import { readModelsOver } from './read-models.js'
import { searchIndexOver } from './search-index.js'
import { memoryTables } from './tables.js'
import { memoryVault } from './vault.js'

export { memoryBlobs } from './blobs.js'
export { memoryEventStore } from './event-store.js'
export { memoryReadModels } from './read-models.js'
export { memoryKeys, memoryVault } from './vault.js'

/** Versions of one projection stand side by side. */
const keptAs = ({ name, version }: Rows): string => `${name} ${String(version)}`

export const memory = async (): Promise<Adapters> => {
  const log = memoryLog()
  const tables = memoryTables()
  const inline = new Map<string, { readonly projection: Rows; readonly onParked: OnParked }>()

  /** Rows that are not there any more are left alone: then there is no checkpoint. */
  const catchUp = (projection: Rows): readonly ParkedEvent[] => {
    const filter = projectionFilter(projection)
    const parked: ParkedEvent[] = []
    for (;;) {
      const checkpoint = tables.checkpoint(projection)
      if (E.isLeft(checkpoint)) return parked
      const after = checkpoint.right
      const { events, position, end } = log.readAll({ after, filter })
      if (position !== undefined && position !== after) {
        const applied = tables.apply(projection, { events, after, position })
        if (E.isRight(applied)) parked.push(...applied.right.parked)
      }
      if (end) return parked
    }
  }

  const project = () => {
    const broken = [...inline.values()].map(({ projection, onParked }) => ({
      name: projection.name,
      onParked,
      parked: catchUp(projection),
    }))
    // Told once all rows are right, whatever is done with it.
    for (const { name, onParked, parked } of broken)
      if (parked.length > 0) tellParked(onParked, name, parked)
  }

  const { task, close } = door()
  const store = storeOver(log, project)
  const readModels = readModelsOver(tables)
  const vault = memoryVault()
  const blobs = memoryBlobs()
  const search = searchIndexOver(tables)
  return {
    store,
    readModels,
    vault,
    blobs,
    search,
    projectInline: (projections, onParked) =>
      task(() => {
        for (const projection of projections) tables.open(projection)
        for (const projection of projections)
          inline.set(keptAs(projection), { projection, onParked })
        project()
        return E.right(undefined)
      }),
    swapInline: (projection, lease) =>
      task(() => {
        catchUp(projection)
        return tables.swap(projection, lease)
      }),
    close: async () => {
      close()
      await Promise.all([store, readModels, vault, blobs, search].map((adapter) => adapter.close()))
    },
  }
}
