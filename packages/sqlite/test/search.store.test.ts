/** The third file: no backup holds it, and nothing of what was removed stays in it. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { indexedText, type SearchChange } from '@threadbook/sourcing'
import { backup, sqlite } from '@threadbook/sqlite'
import { folder } from './files.js'
import { ok } from './fixtures.js'

const inFolder = folder()
const log = { version: 1, firstEvent: 'x' }

const put = (id: string, text: string): SearchChange => ({
  type: 'put',
  entry: { id, row: id, origin: id, source: '', text: indexedText([text]), keys: [] },
})

const bytesOf = (path: string): string =>
  ['', '-wal']
    .map((suffix) => path + suffix)
    .filter((file) => readdirSync(join(file, '..')).includes(file.split('/').at(-1)!))
    .map((file) => readFileSync(file, 'latin1'))
    .join('')

it('S-109 words of what was removed are in no byte of it', async () => {
  const path = join(inFolder, 'forget.db')
  const { search, close } = await sqlite(path)
  await ok(search!.open(log))
  const many = Array.from({ length: 400 }, (_, n) =>
    put(`c${String(n)}`, `word${String(n)} common`),
  )
  await ok(search!.apply(many))
  await ok(search!.apply([put('secret', 'tulipomania flowers')]))
  expect(bytesOf(join(inFolder, 'forget.search.db'))).toContain('tulipomania')
  await ok(search!.apply([{ type: 'removeOrigin', origin: 'secret' }]))
  expect(bytesOf(join(inFolder, 'forget.search.db'))).not.toContain('tulipomania')
  await close()
})

it('is in no backup, and missing is made anew', async () => {
  const path = join(inFolder, 'kept.db')
  const first = await sqlite(path)
  await ok(first.search!.open(log))
  await ok(first.search!.apply([put('a', 'flowers')]))
  await first.close()
  const copies = join(inFolder, 'copies')
  await backup(path, { log: copies, keys: join(inFolder, 'keys') })
  expect(readdirSync(copies).sort()).toEqual(['kept.blobs.db', 'kept.db'])

  for (const name of readdirSync(inFolder).filter((each) => each.startsWith('kept.search')))
    rmSync(join(inFolder, name))
  const second = await sqlite(path)
  await ok(second.search!.open(log))
  expect(await ok(second.search!.checkpoint())).toBeUndefined()
  await second.close()
})
