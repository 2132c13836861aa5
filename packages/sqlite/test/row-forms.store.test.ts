import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { inSet, type Rows } from '@threadbook/sourcing'
import { sqlite } from '@threadbook/sqlite'
import Driver from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { openDatabase } from '../src/database.js'
import { logSchema } from '../src/schema.js'
import { openTables } from '../src/tables.js'
import { folder } from './files.js'
import { newEvent, ok, tally, wholeLog } from './fixtures.js'

const inFolder = folder()

const wide: Rows = {
  ...tally,
  on: {
    Put: (_, { data }) => ({ count: 1, owner: 'ada', aFieldThatIsNoColumn: data, another: null }),
  },
}

const asked = (path: string, sql: string): unknown[] => {
  const file = new Driver(path, { readonly: true })
  const found = file.prepare(sql).pluck().all()
  file.close()
  return found
}

const append = (store: Awaited<ReturnType<typeof sqlite>>['store'], id: string) =>
  ok(store.append({ stream: `note-acme.${id}`, expected: 'any', events: [newEvent('Put', id)] }))

it('keeps the names of many rows once, however the rows came', async () => {
  const path = join(inFolder, 'once.db')
  const next = inSet(wide, 'next')
  {
    await using adapters = await sqlite(path)
    const { store, readModels, projectInline } = adapters
    await ok(projectInline!([wide], () => undefined))
    for (const id of ['a', 'b']) await append(store, id)
    await ok(readModels.open(next))
    const log = await wholeLog(store)
    const row = { count: 1, owner: 'ada', aFieldThatIsNoColumn: 'c', another: null }
    const change = { key: 'c', before: undefined, after: row, values: '[1,"ada","c",null]' }
    await ok(
      readModels.fill(next, {
        rows: { changes: [change], counters: new Map(), parked: [] },
        position: log.at(-1)!.position,
      }),
    )
    expect((await ok(readModels.get(next, ['c']))).get('c')).toEqual(row)
  }
  const names = '["count","owner","aFieldThatIsNoColumn","another"]'
  expect(asked(path, 'SELECT names FROM row_forms')).toEqual([names])
  const tables = asked(path, 'SELECT row_table FROM projections ORDER BY projection_no') as string[]
  const texts = tables.flatMap((table) => asked(path, `SELECT _row FROM ${table} ORDER BY _key`))
  const [no] = asked(path, 'SELECT form_no FROM row_forms')
  const text = (id: string) => `[${String(no)},1,"ada","${id}",null]`
  expect(texts).toEqual([text('a'), text('b'), text('c')])
})

it('keeps them again where the transaction that kept them first was undone', async () => {
  const path = join(inFolder, 'undone.db')
  const db = await openDatabase(path, logSchema)
  const tables = openTables(db)
  await ok(db.write(() => tables.open(wide)))
  const { store, close } = await sqlite(path)
  await append(store, 'a')
  const events = await wholeLog(store)
  const batch = { events, after: undefined, position: events[0]!.position }
  const undone = db.write(() => {
    tables.apply(wide, batch)
    throw new Error('undone')
  })
  await expect(undone()).rejects.toThrow('undone')
  await ok(db.write(() => tables.apply(wide, batch)))
  expect(asked(path, 'SELECT count(*) FROM row_forms')).toEqual([1])
  const found = await ok(
    db.read(() =>
      E.map((rows: ReadonlyMap<string, unknown>) => rows.size)(tables.get(wide, ['a'])),
    ),
  )
  expect(found).toBe(1)
  await close()
  await db.close()
})
