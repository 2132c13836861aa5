/** A whole inbox into other adapters: its log, its blobs, its keys. */
import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Adapters } from './adapters.js'
import type { Blobs } from './blobs.js'
import { copyEvents, type Copied, type CopyFault, type CopyOptions } from './copy.js'
import type { Unavailable } from './event-store.js'
import type { Vault } from './vault.js'

/** The target holds something else under these ids or names: it is no copy, or was written to. */
export interface OthersThere {
  readonly type: 'OthersThere'
  readonly what: 'blobs' | 'keys'
  readonly names: readonly string[]
}

export type CopyAllFault = CopyFault | OthersThere

export interface CopyAllOptions extends Omit<CopyOptions, 'onProgress'> {
  /** Now and then: how many of them are copied, or were found there already. */
  readonly onProgress?: (what: 'events' | 'blobs' | 'keys', done: number) => void
}

export interface AllCopied extends Copied {
  readonly blobs: number
  readonly keys: number
}

const AT_ONCE = 256

type Pages<A> = (
  after: string | undefined,
  limit: number,
) => () => Promise<E.Either<Unavailable, readonly A[]>>

async function* pages<A>(
  list: Pages<A>,
  nameOf: (one: A) => string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly A[], E.Either<Unavailable, void>> {
  for (let after: string | undefined; ;) {
    signal?.throwIfAborted()
    const page = await list(after, AT_ONCE)()
    if (E.isLeft(page)) return page
    yield page.right
    const last = page.right.at(-1)
    if (page.right.length < AT_ONCE || last === undefined) return E.right(undefined)
    after = nameOf(last)
  }
}

const hash = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? '' : createHash('sha256').update(bytes).digest('base64')

/** All of a listing, page by page, and what is in the target besides. */
const eachPage = async <A, F>(
  list: Pages<A>,
  nameOf: (one: A) => string,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress: (done: number) => void },
  work: (page: readonly A[]) => Promise<E.Either<F, void>>,
): Promise<E.Either<F | Unavailable, number>> => {
  const all = pages(list, nameOf, signal)
  let done = 0
  for (;;) {
    const page = await all.next()
    if (page.done === true) return E.isLeft(page.value) ? page.value : E.right(done)
    const worked = await work(page.value)
    if (E.isLeft(worked)) return worked
    done += page.value.length
    onProgress(done)
  }
}

interface Progress {
  readonly signal?: AbortSignal | undefined
  readonly onProgress: (done: number) => void
}
const silent = ({ signal }: Progress): Progress => ({ signal, onProgress: () => undefined })

/** Ids are new for new bytes: what the target has under an id is the same, or no copy. */
const copyBlobs = async (
  from: Blobs,
  to: Blobs,
  progress: Progress,
): Promise<E.Either<Unavailable | OthersThere, number>> => {
  const copied = await eachPage<string, Unavailable | OthersThere>(
    from.list,
    String,
    progress,
    async (ids) => {
      for (const id of ids) {
        progress.signal?.throwIfAborted()
        const bytes = await from.get(id)()
        if (E.isLeft(bytes)) return bytes
        // Removed a moment ago.
        if (bytes.right === undefined) continue
        const there = await to.get(id)()
        if (E.isLeft(there)) return there
        if (there.right === undefined) {
          const put = await to.put(id, bytes.right)()
          if (E.isLeft(put)) return put
          const stored = await to.get(id)()
          if (E.isLeft(stored)) return stored
          if (hash(stored.right) === hash(bytes.right)) continue
        } else if (hash(there.right) === hash(bytes.right)) continue
        return E.left({ type: 'OthersThere', what: 'blobs', names: [id] })
      }
      return E.right(undefined)
    },
  )
  if (E.isLeft(copied)) return copied
  const kept = await eachPage<string, Unavailable>(
    to.list,
    String,
    silent(progress),
    async (ids) => {
      const gone: string[] = []
      for (const id of ids) {
        const there = await from.get(id)()
        if (E.isLeft(there)) return there
        if (there.right === undefined) gone.push(id)
      }
      return to.remove(gone)()
    },
  )
  return E.isLeft(kept) ? kept : copied
}

const copyKeys = async (
  from: Vault,
  to: Vault,
  progress: Progress,
): Promise<E.Either<Unavailable | OthersThere, number>> => {
  const names = new Set<string>()
  const copied = await eachPage<{ name: string; bytes: Uint8Array }, Unavailable | OthersThere>(
    from.exportKeys,
    ({ name }) => name,
    progress,
    async (keys) => {
      for (const { name } of keys) names.add(name)
      const others = await to.importKeys(keys)()
      if (E.isLeft(others)) return others
      return others.right.length === 0
        ? E.right(undefined)
        : E.left({ type: 'OthersThere', what: 'keys', names: others.right })
    },
  )
  if (E.isLeft(copied)) return copied
  const kept = await eachPage<{ name: string }, Unavailable>(
    to.exportKeys,
    ({ name }) => name,
    silent(progress),
    (keys) => to.forgetKeys(keys.map(({ name }) => name).filter((name) => !names.has(name)))(),
  )
  return E.isLeft(kept) ? kept : copied
}

/**
 * Copies log, blobs and keys, and verifies them: counts and digests of each stream, blobs and keys
 * one by one. Nothing may write to either meanwhile. Stopped or killed, it is run again and goes
 * on. What the source has destroyed since an earlier run is destroyed in the target, too. Positions
 * are the target's own: checkpoints, views and what was skipped in them do not travel. Opening an
 * inbox makes views anew, and what breaks them is parked again.
 */
export const copy = async (
  from: Pick<Adapters, 'store' | 'blobs' | 'vault'>,
  to: Pick<Adapters, 'store' | 'blobs' | 'vault'>,
  { onProgress = () => undefined, ...options }: CopyAllOptions = {},
): Promise<E.Either<CopyAllFault, AllCopied>> => {
  const progress = (what: 'events' | 'blobs' | 'keys') => (done: number) => {
    onProgress(what, done)
  }
  const events = await copyEvents(from.store, to.store, {
    ...options,
    onProgress: progress('events'),
  })
  if (E.isLeft(events)) return events
  const { signal } = options
  const blobs = await copyBlobs(from.blobs, to.blobs, { signal, onProgress: progress('blobs') })
  if (E.isLeft(blobs)) return blobs
  // Last, as in a backup: until they are there, the copy opens for nobody.
  const keys = await copyKeys(from.vault, to.vault, { signal, onProgress: progress('keys') })
  if (E.isLeft(keys)) return keys
  return E.right({ ...events.right, blobs: blobs.right, keys: keys.right })
}
