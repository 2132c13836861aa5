import { expect, it } from '@jest/globals'
import { memory } from '@threadbook/sourcing/memory'
import { eventStoreDB } from '@threadbook/eventstoredb'
import { anAppend, closing, eventually, faultOf, ok, reading, startSmallServer } from './harness.js'
import { urlOf } from './server/index.js'

const opened = async () => {
  const server = await startSmallServer()
  return { server, url: urlOf(server), beside: await memory() }
}

it('the log is on the server, all else in the other adapters, as they are', async () => {
  const { server, url, beside } = await opened()
  const adapters = closing(await eventStoreDB(url, beside))
  await ok(adapters.store.append(anAppend()))
  expect(server.log.records).toHaveLength(1)
  expect((await ok(beside.store.readAll())).events).toEqual([])
  const { readModels, vault, blobs, search } = beside
  expect(search).toBeDefined()
  expect(adapters).toMatchObject({ readModels, vault, blobs, search })
  expect(adapters.projectInline).toBeUndefined()
})

it('they may be passed under the name of what is most of them', async () => {
  const { url, beside } = await opened()
  const adapters = closing(await eventStoreDB(url, { readModels: beside }))
  expect(adapters.readModels).toBe(beside.readModels)
  expect(adapters.vault).toBe(beside.vault)
})

it('they are closed together, and their calls end', async () => {
  const { server, url, beside } = await opened()
  const adapters = await eventStoreDB(url, beside)
  await reading(adapters.store).next()
  await adapters.close()
  await adapters.close()
  await eventually(() => server.calls() === 0)
  const unavailable = { type: 'Unavailable' }
  expect(await faultOf(adapters.store.readAll())).toMatchObject(unavailable)
  expect(await faultOf(beside.vault.read(['a']))).toMatchObject(unavailable)
})

it('parts from here and there are closed one by one', async () => {
  const { url, beside } = await opened()
  const { readModels, vault, blobs } = beside
  const adapters = await eventStoreDB(url, { readModels, vault, blobs })
  expect(adapters).not.toHaveProperty('search')
  await adapters.close()
  const unavailable = { type: 'Unavailable' }
  expect(await faultOf(vault.read(['a']))).toMatchObject(unavailable)
  expect(await faultOf(blobs.get('a'))).toMatchObject(unavailable)
  expect(await faultOf(readModels.readCheckpoint('a'))).toMatchObject(unavailable)
})

it('a connection string that is none is an error of the caller, told at once', async () => {
  await expect(eventStoreDB('postgres://localhost', await memory())).rejects.toThrow('esdb://')
})
