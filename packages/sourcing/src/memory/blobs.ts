import * as E from 'fp-ts/lib/Either.js'
import type { Blobs } from '../blobs.js'
import { compareText } from '../filter.js'
import { door } from './door.js'

export const memoryBlobs = (): Blobs => {
  const { task, close } = door()
  const blobs = new Map<string, Uint8Array>()
  return {
    put: (id, bytes) =>
      task(() => {
        blobs.set(id, Uint8Array.from(bytes))
        return E.right(undefined)
      }),
    get: (id) =>
      task(() => {
        const bytes = blobs.get(id)
        return E.right(bytes === undefined ? undefined : Uint8Array.from(bytes))
      }),
    remove: (ids) =>
      task(() => {
        for (const id of ids) blobs.delete(id)
        return E.right(undefined)
      }),
    list: (after, limit) =>
      task(() =>
        E.right(
          [...blobs.keys()]
            .sort(compareText)
            .filter((id) => after === undefined || compareText(id, after) > 0)
            .slice(0, limit),
        ),
      ),
    close: async () => {
      close()
    },
  }
}
