import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { countedPosition, inSet } from '@threadbook/sourcing'
import { sqlite } from '@threadbook/sqlite'
import Driver from 'better-sqlite3'
import { events, fault, newEvent, ok, tally, wholeLog } from './fixtures.js'
import { folder } from './files.js'
import { logSchema } from '../src/schema.js'

const inFolder = folder()

const driven = (path: string, work: (file: Driver.Database) => void) => {
  const file = new Driver(path)
  work(file)
  file.close()
}

it('names its files after the path, with the ending it has', async () => {
  for (const name of ['support.db', 'plain', 'a.b.sqlite'])
    await (await sqlite(join(inFolder, name))).close()
  expect(readdirSync(inFolder).sort()).toEqual(
    [
      ...['support.db', 'support.keys.db', 'support.blobs.db', 'support.search.db'],
      ...['plain', 'plain.keys', 'plain.blobs', 'plain.search'],
      ...['a.b.sqlite', 'a.b.keys.sqlite', 'a.b.blobs.sqlite', 'a.b.search.sqlite'],
    ].sort(),
  )
})

it('leaves no file behind that it had in memory', async () => {
  const before = readdirSync('.')
  await (await sqlite(':memory:')).close()
  expect(readdirSync('.')).toEqual(before)
})

it('finds everything again when it is opened again', async () => {
  const path = join(inFolder, 'again.db')
  const key = Uint8Array.from({ length: 32 }, (_, index) => index)
  const first = await sqlite(path)
  await ok(first.projectInline!([tally], () => undefined))
  await ok(first.store.append({ stream: 'note-acme.a', expected: 'noStream', events: events(3) }))
  await ok(first.vault.add(new Map([['k', key]])))
  await ok(first.blobs.put('b', key))
  await ok(first.readModels.writeCheckpoint('reaction', (await wholeLog(first.store))[1]!.position))
  const mac = await ok(first.vault.macKey('acme'))
  const log = await wholeLog(first.store)
  const rows = await ok(first.readModels.get(tally, ['a']))
  await first.close()

  const second = await sqlite(path)
  expect(await wholeLog(second.store)).toEqual(log)
  expect(log).toHaveLength(3)
  expect(await ok(second.readModels.get(tally, ['a']))).toEqual(rows)
  expect(rows.get('a')).toMatchObject({ count: 3 })
  expect(await ok(second.readModels.counters(tally, ['all', 'open']))).toEqual([1, 1])
  expect(await ok(second.readModels.checkpoint(tally))).toBe(log[2]!.position)
  expect(await ok(second.readModels.readCheckpoint('reaction'))).toBe(log[1]!.position)
  expect(await ok(second.vault.read(['k']))).toEqual(new Map([['k', key]]))
  expect(await ok(second.vault.macKey('acme'))).toEqual(mac)
  expect(await ok(second.blobs.get('b'))).toEqual(key)
  await second.close()
})

it('goes when a scope that it was opened for ends', async () => {
  const adapters = await sqlite(':memory:')
  await adapters[Symbol.asyncDispose]()
  expect(await fault(adapters.store.readAll())).toMatchObject({ type: 'Unavailable' })
})

describe('refuses, naming the file,', () => {
  it('what is no database', async () => {
    const path = join(inFolder, 'text.db')
    const text = 'Dear Ada,\n'.repeat(200)
    writeFileSync(path, text)
    await expect(sqlite(path)).rejects.toThrow(`cannot open ${path}: not a SQLite database`)
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(readdirSync(inFolder)).not.toContain('text.keys.db')
  })

  it('a database of somebody else, and does not touch it', async () => {
    const path = join(inFolder, 'others.db')
    driven(path, (file) => file.exec('CREATE TABLE recipes (name TEXT)'))
    const bytes = readFileSync(path)
    await expect(sqlite(path)).rejects.toThrow(`${path}: a database, but not an event log`)
    expect(readFileSync(path)).toEqual(bytes)
  })

  it('one of its own files in the place of another', async () => {
    const path = join(inFolder, 'mixed.db')
    await (await sqlite(path)).close()
    await expect(sqlite(join(inFolder, 'mixed.keys.db'))).rejects.toThrow('not an event log')
  })

  it('a folder that is not there', async () => {
    const path = join(inFolder, 'nowhere', 'support.db')
    await expect(sqlite(path)).rejects.toThrow(path)
  })

  it('no path at all', async () => {
    await expect(sqlite('')).rejects.toThrow('expected a path')
  })

  it.each(['newer.db', 'newer.keys.db', 'newer.blobs.db'])(
    'a schema that is newer than this program: %s',
    async (name) => {
      const path = join(inFolder, 'newer.db')
      await (await sqlite(path)).close()
      let version: unknown
      driven(join(inFolder, name), (file) => {
        version = file.pragma('user_version', { simple: true })
        file.pragma('user_version = 99')
      })
      await expect(sqlite(path)).rejects.toThrow(
        `${join(inFolder, name)}: written by newer software (schema version 99`,
      )
      driven(join(inFolder, name), (file) => file.pragma(`user_version = ${String(version)}`))
      await (await sqlite(path)).close()
    },
  )
})

it('writes no more to a file that newer software has taken over meanwhile', async () => {
  const path = join(inFolder, 'taken-over.db')
  const { store, close } = await sqlite(path)
  const append = () =>
    store.append({ stream: 'note-acme.a', expected: 'any', events: [newEvent()] })
  await ok(append())
  driven(path, (file) => file.pragma('user_version = 99'))
  expect(await fault(append())).toMatchObject({
    type: 'Unavailable',
    reason: expect.stringContaining('newer software') as unknown,
  })
  expect(await wholeLog(store)).toHaveLength(1)
  await close()
})

it('reads rows as they were written before their names were kept once, and writes them on', async () => {
  const path = join(inFolder, 'whole-rows.db')
  const before = logSchema.steps.findIndex((step) => step.includes('row_forms'))
  const whole = (ids: readonly string[]) =>
    JSON.stringify({
      count: ids.length,
      owner: 'ada',
      open: true,
      ids,
      unusedByNow: 'a field of before',
    })
  driven(path, (file) => {
    for (const step of logSchema.steps.slice(0, before)) file.exec(step)
    file.pragma(`application_id = ${String(logSchema.applicationId)}`)
    file.pragma(`user_version = ${String(before)}`)
    for (const [no, role] of [
      [1, 'served'],
      [2, 'previous'],
    ] as const) {
      file.exec(`
        CREATE TABLE rows_${String(no)}_tally_v1 (
          _row_no INTEGER PRIMARY KEY, _key TEXT NOT NULL UNIQUE,
          count REAL, owner TEXT, open INTEGER, _row TEXT NOT NULL) STRICT;
        INSERT INTO projections VALUES (${String(no)}, 'tally', 1, '${role}', 'rows_${String(no)}_tally_v1', NULL);
        INSERT INTO rows_${String(no)}_tally_v1 VALUES (1, 'a', 1, 'ada', 1, '${whole(['x'])}');
        INSERT INTO rows_${String(no)}_tally_v1 VALUES (2, 'b', 2, 'ada', 1, '${whole(['y', 'z'])}');
      `)
    }
  })
  const { store, readModels, projectInline, close } = await sqlite(path)
  await ok(projectInline!([tally], () => undefined))
  const put = { stream: 'note-acme.a', expected: 'any', events: [newEvent('Put')] } as const
  await ok(store.append(put))
  const rows = async (set: 'served' | 'previous') => {
    const found = await ok(readModels.get(inSet(tally, set), ['a', 'b']))
    return [...found.values()].map(({ ids, ...row }) => [(ids as string[]).length, row])
  }
  const kept = (count: number) => [
    count,
    { count, owner: 'ada', open: true, unusedByNow: 'a field of before' },
  ]
  expect(await rows('served')).toEqual([kept(2), kept(2)])
  const inspection = { rows: { after: undefined, limit: 10 } }
  const { rows: inspected } = await ok(readModels.inspect(tally, inspection))
  expect(inspected.map(({ key, unfit }) => [key, unfit])).toEqual([
    ['a', []],
    ['b', []],
  ])
  expect(await rows('previous')).toEqual([kept(1), kept(2)])
  // The way back, and forth again.
  await ok(
    readModels.apply(inSet(tally, 'previous'), {
      events: await wholeLog(store),
      after: undefined,
      position: countedPosition(1),
    }),
  )
  await ok(readModels.swap(inSet(tally, 'previous')))
  expect(await rows('served')).toEqual([kept(2), kept(2)])
  await close()
  driven(path, (file) => {
    const texts = file.prepare('SELECT _row FROM rows_1_tally_v1 ORDER BY _key').pluck().all()
    expect(texts).toEqual([expect.stringMatching(/^\[\d+,2,"ada",true,/), whole(['y', 'z'])])
  })
})

it('brings a file up to date whose projections had one set of rows each, and serves these', async () => {
  const path = join(inFolder, 'one-set.db')
  const before = logSchema.steps.findIndex((step) => step.includes('projection_sets'))
  driven(path, (file) => {
    for (const step of logSchema.steps.slice(0, before)) file.exec(step)
    file.pragma(`application_id = ${String(logSchema.applicationId)}`)
    file.pragma(`user_version = ${String(before)}`)
    file.exec(`
      CREATE TABLE rows_1_tally_v1 (
        _row_no INTEGER PRIMARY KEY, _key TEXT NOT NULL UNIQUE,
        count REAL, owner TEXT, open INTEGER, _row TEXT NOT NULL) STRICT;
      INSERT INTO rows_1_tally_v1 VALUES (1, 'a', 3, 'ada', 1, '{"count":3,"owner":"ada","open":true}');
      INSERT INTO projections VALUES (1, 'tally', 1, 'rows_1_tally_v1', '0000000000000003');
      INSERT INTO counters VALUES (1, 'all', 1);
      INSERT INTO parked (projection_no, position, key, error)
        VALUES (1, '0000000000000002', 'b', 'Error: it broke');
    `)
  })
  const { readModels, close } = await sqlite(path)
  await ok(readModels.open(tally))
  expect((await ok(readModels.get(tally, ['a']))).get('a')).toMatchObject({ count: 3 })
  expect(await ok(readModels.counters(tally, ['all']))).toEqual([1])
  expect(await ok(readModels.parked(tally))).toMatchObject([{ key: 'b' }])
  expect(await ok(readModels.sets(tally))).toEqual([
    { version: 1, set: 'served', generation: '1', checkpoint: '0000000000000003' },
  ])
  await close()
})
