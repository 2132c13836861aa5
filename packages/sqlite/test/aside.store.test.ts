import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { foldBatch, inSet, type RecordedEvent } from '@threadbook/sourcing'
import { sqliteLog } from '@threadbook/sqlite'
import Driver from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { openAside } from '../src/aside.js'
import { openDatabase } from '../src/database.js'
import { logSchema } from '../src/schema.js'
import { folder } from './files.js'
import { built, start } from './processes.js'
import { fault, newEvent, ok, tally, wholeLog } from './fixtures.js'

const inFolder = folder()
const builtAside = built('aside.ts')

const next = inSet(tally, 'next')

const table = (name: string) => {
  const path = join(inFolder, name)
  const db = new Driver(path)
  db.exec('CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT')
  const numbers = () => db.prepare('SELECT n FROM numbers ORDER BY n').pluck().all()
  return { path, db, numbers }
}

const put = (...numbers: readonly number[]) => ({
  sql: 'INSERT INTO numbers VALUES (?)',
  values: numbers.map((n) => [n]),
})

const holds = (answer: number) => ({
  name: `${String(answer)} are there`,
  sql: 'SELECT count(*) FROM numbers WHERE n > ?',
  values: [0],
  answer,
})

it('writes all of a transaction, or nothing where a check fails, which it names', async () => {
  const { path, db, numbers } = table('checks.db')
  const aside = openAside(path, 1_000)
  expect(await aside.transact({ checks: [holds(0)], steps: [put(1, 2), put(3)] })).toBeUndefined()
  expect(numbers()).toEqual([1, 2, 3])
  expect(await aside.transact({ checks: [holds(3), holds(2)], steps: [put(4)] })).toBe(
    '2 are there',
  )
  expect(numbers()).toEqual([1, 2, 3])
  await aside.close()
  db.close()
})

it('tells what a statement throws, leaves nothing half done, and goes on', async () => {
  const { path, db, numbers } = table('faults.db')
  const aside = openAside(path, 1_000)
  const answers = await Promise.allSettled([
    aside.transact({ checks: [], steps: [put(1), put(2, 1)] }),
    aside.transact({ checks: [], steps: [put(5)] }),
  ])
  expect(answers).toMatchObject([
    { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } },
    { status: 'fulfilled' },
  ])
  expect(numbers()).toEqual([5])
  await aside.close()
  await expect(aside.transact({ checks: [], steps: [put(6)] })).rejects.toThrow('ended')
  db.close()
})

it('what waits is written together, and what one of them spoils only that one misses', async () => {
  const { path, db, numbers } = table('together.db')
  let times = 0
  let go: () => void = () => undefined
  const held = new Promise<void>((done) => (go = done))
  const aside = openAside(path, 1_000, async (write) => {
    times++
    await held
    await write()
  })
  const answers = Promise.allSettled([
    aside.transact({ checks: [], steps: [put(1)] }),
    aside.transact({ checks: [holds(1)], steps: [put(2)] }),
    aside.transact({ checks: [], steps: [put(3), put(1)] }),
    aside.transact({ checks: [holds(1)], steps: [put(4)] }),
    aside.transact({ checks: [holds(2)], steps: [put(5)] }),
  ])
  go()
  expect(await answers).toMatchObject([
    { status: 'fulfilled', value: undefined },
    { status: 'fulfilled', value: undefined },
    { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } },
    { status: 'fulfilled', value: '1 are there' },
    { status: 'fulfilled', value: undefined },
  ])
  expect(numbers()).toEqual([1, 2, 5])
  // None begins before the first is allowed to: by then all of them are there.
  expect(times).toBe(1)
  await aside.close()
  db.close()
})

it('writes of the process wait for those of the thread, and leave the event loop free', async () => {
  const db = await openDatabase(join(inFolder, 'back.db'), logSchema)
  let finish: () => void = () => undefined
  const elsewhere = db.standBack(() => new Promise<void>((done) => (finish = done)))
  let written = false
  const writing = db.write(() => E.right((written = true)))()
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  expect(written).toBe(false)
  finish()
  await Promise.all([elsewhere, writing])
  expect(written).toBe(true)
  await expect(db.standBack(() => Promise.reject(new Error('it broke')))).rejects.toThrow('broke')
  await ok(db.write(() => E.right(undefined)))
  await db.close()
})

it('rows that are filled in are in the declared indexes at once', async () => {
  const path = join(inFolder, 'indexed.db')
  const { store, readModels, close } = await sqliteLog(path)
  await ok(store.append({ stream: 'note-acme.a', expected: 'any', events: [newEvent()] }))
  const events: readonly RecordedEvent[] = await wholeLog(store)
  await ok(readModels.open(next))
  await ok(readModels.fill(next, { rows: foldBatch(next, new Map(), new Set(), events) }))
  const db = new Driver(path)
  const indexes = db.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name GLOB 'rows_*' AND sql > ''`,
  )
  expect(indexes.pluck().all()).toEqual([
    expect.stringMatching(/by_count$/),
    expect.stringMatching(/open_by_owner$/),
  ])
  await ok(readModels.index(next))
  expect(indexes.all()).toHaveLength(2)
  db.close()
  await close()
})

it('a set of many rows is dropped whole, and under a lease that another holds not at all', async () => {
  const path = join(inFolder, 'dropped.db')
  const { store, readModels, close } = await sqliteLog(path)
  const append = (n: number) =>
    ok(store.append({ stream: `note-acme.${String(n)}`, expected: 'any', events: [newEvent()] }))
  await Promise.all(Array.from({ length: 600 }, (_, n) => append(n)))
  const rows = foldBatch(next, new Map(), new Set(), await wholeLog(store))
  await ok(readModels.open(next))
  await ok(readModels.fill(next, { rows }))
  await ok(readModels.moveLease('rebuild', undefined, { holder: 'ada', beat: 0 }))
  const kept = async () => (await ok(readModels.get(next, ['0', '599']))).size
  expect(await fault(readModels.drop(next, { name: 'rebuild', holder: 'bo' }))).toEqual({
    type: 'LeaseLost',
    lease: 'rebuild',
  })
  expect(await kept()).toBe(2)
  await ok(readModels.drop(next, { name: 'rebuild', holder: 'ada' }))
  expect(await ok(readModels.sets(next))).toEqual([])
  const db = new Driver(path)
  const left = `SELECT (SELECT count(*) FROM counters) + (SELECT count(*) FROM sqlite_master WHERE name GLOB 'rows_*')`
  expect(db.prepare(left).pluck().get()).toBe(0)
  db.close()
  await ok(readModels.open(next))
  expect(await kept()).toBe(0)
  await close()
})

it('keeps a process alive until it is closed, by whoever has just heard that all is written', async () => {
  const { path, db, numbers } = table('alive.db')
  const program = start('close-aside', path, builtAside)
  expect(await program.all()).toEqual(['closed'])
  expect(await program.ended).toBe(0)
  expect(numbers()).toEqual([1])
  db.close()
})
