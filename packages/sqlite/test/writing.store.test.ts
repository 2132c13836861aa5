import { join } from 'node:path'
import { setImmediate } from 'node:timers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { sqliteLog } from '@threadbook/sqlite'
import type { NewEvent } from '@threadbook/sourcing'
import Driver from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { openDatabase } from '../src/database.js'
import { eventStoreOver } from '../src/event-store.js'
import { inlineOver } from '../src/inline.js'
import { openLog } from '../src/log.js'
import { logSchema } from '../src/schema.js'
import { openTables } from '../src/tables.js'
import { events, fault, newEvent, ok, tally, wholeLog } from './fixtures.js'
import { folder } from './files.js'

const inFolder = folder()
const to = (stream: string, ...list: readonly [NewEvent, ...NewEvent[]]) =>
  ({ stream: `note-acme.${stream}`, expected: 'any', events: list }) as const

it('waits for another writer, lets the event loop run meanwhile, and then goes on', async () => {
  const path = join(inFolder, 'waiting.db')
  const { store, close } = await sqliteLog(path)
  const other = new Driver(path)
  other.exec('BEGIN IMMEDIATE')
  let answered = false
  const append = ok(store.append(to('a', newEvent()))).then(() => {
    answered = true
  })
  // Each of these turns is one that the append left to others.
  for (let turn = 0; turn < 20; turn++) await sleep(1)
  expect(answered).toBe(false)
  expect(await wholeLog(store)).toEqual([])
  other.exec('COMMIT')
  await append
  expect(await wholeLog(store)).toHaveLength(1)
  other.close()
  await close()
})

it('says so where another writer never ends, and has written nothing', async () => {
  const path = join(inFolder, 'stuck.db')
  const { store, close } = await sqliteLog(path, { patience: 30 })
  const other = new Driver(path)
  other.exec('BEGIN IMMEDIATE')
  const appends = await Promise.all([
    fault(store.append(to('a', newEvent()))),
    fault(store.append(to('b', newEvent()))),
  ])
  expect(appends).toEqual(
    appends.map(() => ({
      type: 'Unavailable',
      reason: expect.stringContaining('locked by another process'),
    })),
  )
  other.exec('COMMIT')
  other.close()
  await ok(store.append(to('c', newEvent())))
  expect(await wholeLog(store)).toHaveLength(1)
  await close()
})

it('an append that breaks in the database takes none of those beside it along', async () => {
  const path = join(inFolder, 'spoiled.db')
  const { store, readModels, projectInline, close } = await sqliteLog(path)
  await ok(projectInline([tally], () => undefined))
  await ok(store.append(to('before', newEvent('Known'))))
  const other = new Driver(path)
  other.exec(
    `CREATE TRIGGER spoiling BEFORE INSERT ON events WHEN NEW.data = '"spoiled"'
     BEGIN SELECT RAISE(ABORT, 'spoiled'); END`,
  )
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((stream) => {
      const spoiled = stream === 'c' ? [newEvent('Put', 'spoiled')] : []
      return store.append(to(stream, newEvent(), ...spoiled))()
    }),
  )
  expect(answers.map(E.isRight)).toEqual([true, true, false, true, true])
  expect(answers[2]).toMatchObject({ left: { type: 'Unavailable' } })
  expect((await wholeLog(store)).map(({ stream }) => stream.slice(10))).toEqual([
    'before',
    'a',
    'b',
    'd',
    'e',
  ])
  const puts = await wholeLog(store, { filter: { types: ['Put'] } })
  expect(puts.map(({ stream }) => stream.slice(10))).toEqual(['a', 'b', 'd', 'e'])
  const rows = await ok(readModels.get(tally, ['a', 'b', 'c', 'd', 'e']))
  expect([...rows].map(([key, { count }]) => [key, count])).toEqual(
    ['a', 'b', 'd', 'e'].map((key) => [key, 1]),
  )
  // Nor does the stream that was not made live on in anybody's memory.
  other.exec('DROP TRIGGER spoiling')
  other.close()
  expect(await ok(store.append({ ...to('c', newEvent()), expected: 'noStream' }))).toMatchObject({
    revision: 0,
  })
  await close()
})

it('a full disk in the middle of an append leaves nothing half done', async () => {
  const db = await openDatabase(join(inFolder, 'full.db'), logSchema)
  const log = openLog(db)
  const tables = openTables(db)
  const inline = inlineOver(db, log, tables)
  const store = eventStoreOver(db, log, inline.onStored)
  await ok(inline.projectInline([tally], () => undefined))
  await ok(store.append(to('a', newEvent())))
  const pages = db.driver.pragma('page_count', { simple: true }) as number
  db.driver.pragma(`max_page_count = ${String(pages + 20)}`)
  const large = () => events(5, 'Put', 'x'.repeat(2_000))
  let acknowledged = 1
  let refused: unknown
  for (let turn = 0; turn < 100 && refused === undefined; turn++) {
    const answer = await store.append(to('a', ...large()))()
    if (E.isRight(answer)) acknowledged += 5
    else refused = answer.left
  }
  expect(refused).toMatchObject({
    type: 'Unavailable',
    reason: expect.stringContaining('full') as unknown,
  })
  const counted = async () => {
    const log = await wholeLog(store)
    expect(log.map(({ revision }) => revision)).toEqual(log.map((_, index) => index))
    const row = E.getOrElse((): ReadonlyMap<string, Record<string, unknown>> => new Map())(
      tables.get(tally, ['a']),
    ).get('a')
    return [log.length, row?.['count'], (row?.['ids'] as string[]).length]
  }
  expect(await counted()).toEqual([acknowledged, acknowledged, acknowledged])
  db.driver.pragma('max_page_count = 1000000')
  await ok(store.append(to('a', ...large())))
  expect(await counted()).toEqual([acknowledged + 5, acknowledged + 5, acknowledged + 5])
  await db.close()
})

it('appends that follow each other without a pause let others have their turn', async () => {
  const { store, close } = await sqliteLog(':memory:')
  let turned = false
  setImmediate(() => {
    turned = true
  })
  let appends = 0
  while (!turned && appends < 100_000) {
    await ok(store.append(to('a', newEvent())))
    appends++
  }
  expect(turned).toBe(true)
  expect(appends).toBeGreaterThan(1)
  await close()
})

it('closing waits for what was begun, its rows too, and refuses what comes after', async () => {
  const path = join(inFolder, 'closing.db')
  const { store, projectInline, close } = await sqliteLog(path)
  await ok(projectInline([tally], () => undefined))
  const begun = ['a', 'b', 'c'].map((key) => store.append(to(key, newEvent()))())
  const closed = close()
  const late = await fault(store.append(to('late', newEvent())))
  expect(late).toMatchObject({ type: 'Unavailable' })
  expect((await Promise.all(begun)).every(E.isRight)).toBe(true)
  await closed
  await close()
  const again = await sqliteLog(path)
  expect(await wholeLog(again.store)).toHaveLength(3)
  expect([...(await ok(again.readModels.get(tally, ['a', 'b', 'c']))).keys()]).toHaveLength(3)
  await again.close()
})
