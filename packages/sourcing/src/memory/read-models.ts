import * as E from 'fp-ts/lib/Either.js'
import type { ReadModels } from '../read-models.js'
import { door } from './door.js'
import { memoryTables, type Tables } from './tables.js'

export const readModelsOver = (tables: Tables): ReadModels => {
  const { task, close } = door()
  return {
    open: (projection) => task(() => E.right(tables.open(projection))),
    index: () => task(() => E.right(undefined)),
    drop: (projection, lease) => task(() => tables.drop(projection, lease)),
    sets: (projection) => task(() => E.right(tables.sets(projection))),
    fill: (projection, filling) => task(() => tables.fill(projection, filling)),
    swap: (projection, lease) => task(() => tables.swap(projection, lease)),
    checkpoint: (projection) => task(() => tables.checkpoint(projection)),
    apply: (projection, batch) => task(() => tables.apply(projection, batch)),
    get: (projection, keys) => task(() => tables.get(projection, keys)),
    find: (projection, query) => task(() => tables.find(projection, query)),
    counters: (projection, names) => task(() => tables.counters(projection, names)),
    parked: (projection, query) => task(() => tables.parked(projection, query)),
    parkedKeys: (projection, limit) => task(() => tables.parkedKeys(projection, limit)),
    retry: (projection, retry) => task(() => tables.retry(projection, retry)),
    inspect: (projection, inspection) => task(() => tables.inspect(projection, inspection)),
    skipped: (projection) => task(() => E.right(tables.skipped(projection))),
    watch: (projection, filter, most) => task(() => tables.watch(projection, filter, most)),
    unwatch: (projection, of, names) => task(() => tables.unwatch(projection, of, names)),
    watched: (projection, of) => task(() => tables.watched(projection, of)),
    watchedCount: (projection, name) => task(() => tables.watchedCount(projection, name)),
    countWatched: (projection, name, limit) =>
      task(() => tables.countWatched(projection, name, limit)),
    readCheckpoint: (name) => task(() => E.right(tables.readCheckpoint(name))),
    writeCheckpoint: (name, position, lease) =>
      task(() => tables.writeCheckpoint(name, position, lease)),
    readLeases: task(() => E.right(tables.readLeases())),
    moveLease: (name, from, to) => task(() => E.right(tables.moveLease(name, from, to))),
    close: async () => {
      close()
    },
  }
}

export const memoryReadModels = (): ReadModels => readModelsOver(memoryTables())
