import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { sqliteLog } from '@threadbook/sqlite'
import Driver from 'better-sqlite3'
import { ok, wholeLog } from './fixtures.js'
import { folder } from './files.js'
import { built, start } from './processes.js'
import { tally } from './programs/tally.mjs'

const inFolder = folder()
const database = built('database.ts')

it('four processes append to one new file at once, a fifth follows: nothing is lost or refused', async () => {
  const path = join(inFolder, 'shared.db')
  const each = 150
  const names = ['a', 'b', 'c', 'd']
  const total = names.length * each * 3
  const tail = start('tail', path, String(total))
  const tailed = tail.all()
  const writers = names.map((name) => start('writer', path, name, String(each)))
  // None but the conflicts that they wanted: no word of a locked file.
  expect(await Promise.all(writers.map((writer) => writer.all()))).toEqual(names.map(() => []))
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual(names.map(() => 0))

  const { store, close } = await sqliteLog(path)
  const log = await wholeLog(store)
  expect(log.map(({ position }) => Number(position))).toEqual(log.map((_, index) => index + 1))
  const revisions = new Map<string, number[]>()
  for (const { stream, revision } of log)
    revisions.set(stream, [...(revisions.get(stream) ?? []), revision])
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
  expect(Object.fromEntries(revisions)).toEqual({
    ...Object.fromEntries(names.map((name) => [`note-acme.${name}`, upTo(each)])),
    'note-acme.shared': upTo(each * names.length),
    'note-acme.contested': upTo(each * names.length),
  })
  expect(new Set(log.map(({ id }) => id)).size).toBe(total)
  expect(await tailed).toEqual(
    log.map(({ position, stream, revision }) => `${position} ${stream} ${String(revision)}`),
  )
  expect(await tail.ended).toBe(0)
  await close()
})

it('files that several processes make at once are made once, and refused to none', async () => {
  const programs = Array.from({ length: 4 }, () => start('open', join(inFolder, 'new'), '60'))
  expect(await Promise.all(programs.map((program) => program.all()))).toEqual(
    programs.map(() => ['done']),
  )
})

it('a schema of an older version is brought up once, by one of those who open it together', async () => {
  const path = join(inFolder, 'older.db')
  const older = new Driver(path)
  older.exec('CREATE TABLE first (a INTEGER); PRAGMA application_id = 7; PRAGMA user_version = 1')
  older.close()
  const programs = Array.from({ length: 4 }, () => start('migrate', path, database))
  expect(await Promise.all(programs.map((program) => program.all()))).toEqual(
    programs.map(() => ['2']),
  )
  expect(await Promise.all(programs.map(({ ended }) => ended))).toEqual(programs.map(() => 0))
  const file = new Driver(path)
  expect(file.prepare('SELECT * FROM first').all()).toEqual([{ a: 1, b: 2 }])
  file.close()
})

it('rows of a process that was stopped at any moment are those of the events acknowledged', async () => {
  const path = join(inFolder, 'killed.db')
  const acknowledged: string[] = []
  for (const enough of [1, 20, 77, 150]) {
    const program = start('acknowledge', path)
    let heard = 0
    for await (const line of program.lines) {
      acknowledged.push(...line.split(' '))
      if (++heard === enough) program.kill()
    }
    expect(await program.ended).toBeNull()
    expect(heard).toBeGreaterThanOrEqual(enough)
  }
  const { store, readModels, close } = await sqliteLog(path)
  const log = await wholeLog(store)
  const stored = log.map(({ id }) => id)
  expect(new Set(stored).size).toBe(stored.length)
  const known = new Set(stored)
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
  // What was under way when it was stopped may be there, too, but not more: four times eight
  // appends of three events at most.
  expect(stored.length - acknowledged.length).toBeLessThanOrEqual(4 * 8 * 3)

  const rebuilt = new Map<string, string[]>()
  for (const { stream, id } of log) {
    const key = stream.slice('note-acme.'.length)
    rebuilt.set(key, [...(rebuilt.get(key) ?? []), id])
  }
  const rows = await ok(readModels.get(tally, [...rebuilt.keys()]))
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries([...rebuilt].map(([key, ids]) => [key, { count: ids.length, ids }])),
  )
  expect(await ok(readModels.counters(tally, ['all']))).toEqual([rebuilt.size])
  expect(await ok(readModels.checkpoint(tally))).toBe(log.at(-1)?.position)
  await close()
})
