/** A server that goes away and comes back, and connections that break under what is being done. */
import { afterEach, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { eventually, following, newEvent, ok, opening, put, wholeLog } from './fixtures.js'
import { ownServer } from './server.js'

const { config, newSchema, pool, start, stop } = ownServer()
const { open, closeAll } = opening(config)
afterEach(closeAll)

const cutAll = () =>
  pool().query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  )

describe('a server that goes away', () => {
  it('and comes back is waited for: appends are answered, once, and a reader goes on', async () => {
    const { store } = await open(newSchema())
    const reader = following(store)
    await put(store, 'a', 0, 'noStream')
    await stop()
    // At exact revisions: asked again as often as it takes.
    const appending = [1, 2, 3].reduce(async (before, n) => {
      await before
      await put(store, 'a', n, n - 1)
    }, Promise.resolve())
    const reading = ok(store.readStream('note-acme.a'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    await start()
    await appending
    expect((await reading).exists).toBe(true)
    await eventually(() => reader.events.length === 4)
    expect(reader.events.map(({ data }) => data)).toEqual([0, 1, 2, 3])
    expect(await wholeLog(store)).toHaveLength(4)
    await reader.stop()
  })

  it('for longer than one is patient is a fault, and no append says that it failed', async () => {
    const { store, readModels } = await open(newSchema(), { patience: 200 })
    await put(store, 'a')
    await stop()
    const answer = await store.append({
      stream: 'note-acme.a',
      expected: 0,
      events: [newEvent()],
    })()
    expect(answer).toMatchObject(E.left({ type: 'Unavailable' }))
    expect(await readModels.readCheckpoint('a')()).toMatchObject(E.left({ type: 'Unavailable' }))
    await start()
    expect(await wholeLog(store)).toHaveLength(1)
    await put(store, 'a', {}, 0)
  })
})

describe('connections that break', () => {
  it('lose nothing and double nothing that was appended at exact revisions', async () => {
    const { store } = await open(newSchema())
    for (let round = 0; round < 6; round++)
      await Promise.all([
        cutAll(),
        ...['a', 'b', 'c'].map(async (stream) => {
          for (let n = round * 15; n < round * 15 + 15; n++)
            await put(store, stream, n, n === 0 ? 'noStream' : n - 1)
        }),
      ])
    const log = await wholeLog(store)
    expect(log).toHaveLength(3 * 90)
    for (const stream of ['a', 'b', 'c'])
      expect(
        log.filter((event) => event.stream === `note-acme.${stream}`).map(({ data }) => data),
      ).toEqual(Array.from({ length: 90 }, (_, n) => n))
  })

  it('leave an append at any revision unrepeated, and say that it may have been stored', async () => {
    const { store } = await open(newSchema())
    await put(store, 'a')
    const answers: E.Either<{ readonly type: string }, unknown>[] = []
    for (let round = 0; round < 25; round++) {
      const event = newEvent(round)
      const [answer] = await Promise.all([
        store.append({ stream: 'note-acme.a', expected: 'any', events: [event] })(),
        cutAll(),
      ])
      answers.push(answer)
      if (E.isLeft(answer))
        expect(answer.left).toMatchObject({
          type: 'Unavailable',
          reason: expect.stringContaining('may have been stored'),
        })
    }
    const stored = (await wholeLog(store)).map(({ data }) => data)
    expect(new Set(stored).size).toBe(stored.length)
    const acknowledged = answers.flatMap((answer, round) => (E.isRight(answer) ? [round] : []))
    expect(stored).toEqual(expect.arrayContaining(acknowledged))
  })
})
