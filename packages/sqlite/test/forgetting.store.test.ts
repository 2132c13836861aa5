import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { sqliteVault } from '@threadbook/sqlite'
import { ok } from './fixtures.js'
import { folder } from './files.js'

const inFolder = folder()

const files = (): Buffer =>
  Buffer.concat(readdirSync(inFolder).map((name) => readFileSync(join(inFolder, name))))

it('leaves no byte of a destroyed key in any file, while others have the vault open', async () => {
  const path = join(inFolder, 'support.keys.db')
  const vault = await sqliteVault(path)
  const beside = await sqliteVault(path)
  // In random order of random ids, some hundred pages of them: what moves in a tree would move.
  const keys = Array.from({ length: 3_000 }, () => [randomUUID(), randomBytes(32)] as const)
  for (let i = 0; i < keys.length; i += 30)
    await ok((i % 60 === 0 ? vault : beside).add(new Map(keys.slice(i, i + 30))))
  const destroyed = keys.filter((_, index) => index % 3 !== 0).sort(() => Math.random() - 0.5)
  const kept = keys.filter((_, index) => index % 3 === 0)
  for (let i = 0; i < destroyed.length; i += 500)
    await ok(vault.destroy(destroyed.slice(i, i + 500).map(([id]) => id)))
  const more = Array.from({ length: 300 }, () => [randomUUID(), randomBytes(32)] as const)
  await ok(beside.add(new Map(more)))

  const bytes = files()
  expect(kept.filter(([, key]) => !bytes.includes(key))).toEqual([])
  expect(destroyed.filter(([, key]) => bytes.includes(key))).toEqual([])
  const ids = keys.map(([id]) => id)
  expect([...(await ok(beside.read(ids))).keys()].sort()).toEqual(kept.map(([id]) => id).sort())
  await vault.close()
  await beside.close()
})

it('clears on opening what a crash left in the write-ahead log', async () => {
  const path = join(inFolder, 'crashed.keys.db')
  const key = randomBytes(32)
  const vault = await sqliteVault(path)
  await ok(vault.add(new Map([['a', key]])))
  expect(files().includes(key)).toBe(true)
  const { default: Driver } = await import('better-sqlite3')
  // As a process that ends between the commit and the checkpoint: it overwrites, and is gone.
  const crashing = new Driver(path)
  crashing.pragma('secure_delete = ON')
  crashing.exec('UPDATE keys SET destroyed = 1, bytes = zeroblob(length(bytes))')
  expect(files().includes(key)).toBe(true)

  const next = await sqliteVault(path)
  expect(files().includes(key)).toBe(false)
  for (const one of [vault, next, crashing]) await one.close()
})
