/** Streams that the store's own tools deleted or ended. */
import { expect } from '@jest/globals'
import type { EventStore } from '../../event-store.js'
import type { StreamName } from '../../event.js'
import { faultOf, ok } from '../suite.js'
import { anAppend, eventsOf, idsOf, newEvents, streamIds, subscriber } from './fixtures.js'
import type { HookCase } from './hooks.js'

const STREAM = 'note-acme.1'
const OTHER = 'note-acme.2'

type RemoveStream = (store: EventStore, stream: StreamName) => Promise<void>

export const deletedCases: readonly HookCase<RemoveStream>[] = [
  {
    name: 'a deleted stream does not exist',
    runWith: async (store, deleteStream) => {
      await ok(store.append(anAppend(STREAM, newEvents(3))))
      await deleteStream(store, STREAM)
      for (const direction of ['forwards', 'backwards'] as const)
        expect(await ok(store.readStream(STREAM, { direction }))).toEqual({
          exists: false,
          events: [],
        })
      const expected = 'streamExists'
      expect(await faultOf(store.append(anAppend(STREAM, newEvents(1), expected)))).toEqual({
        type: 'Conflict',
        stream: STREAM,
        expected,
        actual: 'noStream',
      })
    },
  },
  ...(['noStream', 'any'] as const).map((expected): HookCase<RemoveStream> => ({
    name: `a deleted stream begins anew behind its old revisions: expected ${expected}`,
    runWith: async (store, deleteStream) => {
      await ok(store.append(anAppend(STREAM, newEvents(3))))
      await deleteStream(store, STREAM)
      const batch = newEvents(2)
      expect(await ok(store.append(anAppend(STREAM, batch, expected)))).toMatchObject({
        revision: 4,
      })
      const { exists, events } = await ok(store.readStream(STREAM))
      expect(exists).toBe(true)
      expect(events).toMatchObject([
        { id: batch[0].id, revision: 3 },
        { id: batch[1]!.id, revision: 4 },
      ])
      await ok(store.append(anAppend(STREAM, newEvents(1), 4)))
      expect(await streamIds(store, STREAM)).toHaveLength(3)
    },
  })),
  {
    name: 'old events of a deleted stream do not come back by their repetition',
    runWith: async (store, deleteStream) => {
      const old = newEvents(2)
      await ok(store.append(anAppend(STREAM, old, 'noStream')))
      await deleteStream(store, STREAM)
      expect(await faultOf(store.append(anAppend(STREAM, old, 'any')))).toMatchObject({
        type: 'Conflict',
        actual: 'noStream',
      })
      expect(await ok(store.append(anAppend(STREAM, old, 'noStream')))).toMatchObject({
        revision: 1,
      })
      expect((await ok(store.readStream(STREAM))).exists).toBe(false)
    },
  },
  {
    name: 'a stream that is deleted leaves the others and the readers of the log as they are',
    runWith: async (store, deleteStream) => {
      const kept = newEvents(2)
      await ok(store.append(anAppend(STREAM, newEvents(2))))
      await ok(store.append(anAppend(OTHER, kept)))
      const reader = subscriber(store, { filter: { streamPrefixes: [OTHER] } })
      const before = await reader.until((_, count) => count === 2)
      await deleteStream(store, STREAM)
      const later = newEvents(1)
      await ok(store.append(anAppend(OTHER, later, 1)))
      const after = await reader.until((_, count) => count === 1)
      expect(idsOf(eventsOf([...before, ...after]))).toEqual(idsOf([...kept, ...later]))
      expect(await streamIds(store, OTHER)).toEqual(idsOf([...kept, ...later]))
      await reader.leave()
    },
  },
]

export const endedCases: readonly HookCase<RemoveStream>[] = [
  ...(['any', 'noStream', 'streamExists', 0, 2] as const).map(
    (expected): HookCase<RemoveStream> => ({
      name: `a stream that was ended takes no append that expects ${String(expected)}`,
      runWith: async (store, endStream) => {
        await ok(store.append(anAppend(STREAM, newEvents(3))))
        await endStream(store, STREAM)
        const append = anAppend(STREAM, newEvents(1), expected)
        const fault = { type: 'StreamEnded', stream: STREAM }
        expect(await faultOf(store.append(append))).toEqual(fault)
        expect(await faultOf(store.appendAll([append]))).toEqual(fault)
      },
    }),
  ),
  {
    name: 'a stream that was ended is not read, and readers of the log go on',
    runWith: async (store, endStream) => {
      await ok(store.append(anAppend(STREAM, newEvents(3))))
      await endStream(store, STREAM)
      for (const direction of ['forwards', 'backwards'] as const)
        expect(await faultOf(store.readStream(STREAM, { direction }))).toEqual({
          type: 'StreamEnded',
          stream: STREAM,
        })
      const [event] = newEvents(1)
      await ok(store.append(anAppend(OTHER, [event])))
      const reader = subscriber(store, { filter: { streamPrefixes: [OTHER] } })
      expect(idsOf(eventsOf(await reader.until((_, count) => count > 0)))).toEqual([event.id])
      await reader.leave()
    },
  },
]
