import * as E from 'fp-ts/lib/Either.js'
import type { ReadModels } from '@threadbook/sourcing'
import type { Database } from './database.js'
import { door } from './door.js'
import type { LeaseTable } from './leases.js'
import type { Tables } from './tables.js'

export const readModelsOver = (db: Database, tables: Tables, leases: LeaseTable): ReadModels => {
  const { through, close } = door()
  return {
    open: (projection) => through(db.write(() => tables.open(projection))),
    index: (projection) => through(db.write(() => tables.index(projection))),
    drop: (projection, lease) => through(db.write(() => tables.drop(projection, lease))),
    sets: (projection) => through(db.read(() => E.right(tables.sets(projection)))),
    fill: (projection, filling) => through(db.write(() => tables.fill(projection, filling))),
    swap: (projection, lease) => through(db.write(() => tables.swap(projection, lease))),
    checkpoint: (projection) => through(db.read(() => tables.checkpoint(projection))),
    apply: (projection, batch) => through(db.write(() => tables.apply(projection, batch))),
    get: (projection, keys) => through(db.readTogether(() => tables.get(projection, keys))),
    find: (projection, query) => through(db.readTogether(() => tables.find(projection, query))),
    counters: (projection, names) =>
      through(db.readTogether(() => tables.counters(projection, names))),
    parked: (projection, query) => through(db.readTogether(() => tables.parked(projection, query))),
    parkedKeys: (projection, limit) =>
      through(db.readTogether(() => tables.parkedKeys(projection, limit))),
    retry: (projection, retry) => through(db.write(() => tables.retry(projection, retry))),
    inspect: (projection, inspection) =>
      through(db.readTogether(() => tables.inspect(projection, inspection))),
    skipped: (projection) => through(db.read(() => E.right(tables.skipped(projection)))),
    watch: (projection, filter, most) =>
      through(db.write(() => tables.watch(projection, filter, most))),
    unwatch: (projection, of, names) =>
      through(db.write(() => tables.unwatch(projection, of, names))),
    watched: (projection, of) => through(db.readTogether(() => tables.watched(projection, of))),
    watchedCount: (projection, name) =>
      through(db.readTogether(() => tables.watchedCount(projection, name))),
    countWatched: (projection, name, limit) =>
      through(db.write(() => tables.countWatched(projection, name, limit))),
    readCheckpoint: (name) => through(db.read(() => E.right(tables.readCheckpoint(name)))),
    writeCheckpoint: (name, position, lease) =>
      through(db.write(() => tables.writeCheckpoint(name, position, lease))),
    readLeases: through(db.read(() => E.right(leases.readAll()))),
    moveLease: (name, from, to) => through(db.write(() => E.right(leases.move(name, from, to)))),
    close: async () => {
      close()
    },
  }
}
