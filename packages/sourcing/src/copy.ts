/** A whole log into another store: ids, order, revisions and times as they were. */
import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { NonEmpty, RecordedEvent, StreamName } from './event.js'
import type { Append, AppendFault, EventStore, ReadFault } from './event-store.js'

/** A stream's first events are gone from the source: the copy would number the others anew. */
export interface BeginningGone {
  readonly type: 'BeginningGone'
  readonly stream: StreamName
  /** Of the first event that is still there. */
  readonly revision: number
}

/** After copying, the two stores do not hold the same. */
export interface CopyDiffers {
  readonly type: 'CopyDiffers'
  readonly streams: readonly {
    readonly stream: StreamName
    /** Events in the source and in the target. */
    readonly from: number
    readonly to: number
  }[]
}

export type CopyFault = AppendFault | ReadFault | BeginningGone | CopyDiffers

export interface CopyOptions {
  /** Events read at once; 1,000 unless told. */
  readonly limit?: number
  readonly signal?: AbortSignal
  /** After each slice: events copied, or found there already. */
  readonly onProgress?: (events: number) => void
}

export interface Copied {
  readonly events: number
  readonly streams: number
}

const toAppend = (run: NonEmpty<RecordedEvent>): Append => {
  const [{ stream, revision }] = run
  const [first, ...others] = run.map(({ id, type, data, metadata }) => ({
    id,
    type,
    data,
    metadata,
  }))
  return {
    stream,
    expected: revision === 0 ? 'noStream' : revision - 1,
    events: [first!, ...others],
  }
}

/** What stores with a limit count on top, and a little more. */
const EVENT_OVERHEAD_BYTES = 512

const sizeOf = ({ type, data, metadata }: RecordedEvent): number =>
  Buffer.byteLength(JSON.stringify(data)) +
  Buffer.byteLength(JSON.stringify(metadata)) +
  Buffer.byteLength(type) +
  EVENT_OVERHEAD_BYTES

/**
 * Runs of one stream's events, in the log's order and no larger than the target takes at once
 * (what the source took at once may be more); a call takes each stream once.
 */
const calls = (
  events: readonly RecordedEvent[],
  mostBytes: number,
): readonly NonEmpty<Append>[] => {
  const runs: [RecordedEvent, ...RecordedEvent[]][] = []
  let bytes = 0
  for (const event of events) {
    const last = runs.at(-1)
    const size = sizeOf(event)
    bytes += size
    if (last?.[0].stream === event.stream && bytes <= mostBytes) last.push(event)
    else {
      runs.push([event])
      bytes = size
    }
  }
  const made: [Append, ...Append[]][] = []
  let streams = new Set<StreamName>()
  for (const run of runs) {
    const { stream } = run[0]
    const call = streams.has(stream) ? undefined : made.at(-1)
    if (call === undefined) {
      made.push([toAppend(run)])
      streams = new Set()
    } else call.push(toAppend(run))
    streams.add(stream)
  }
  return made
}

/**
 * What a copy that was stopped has left: says of each event of the source, in its order, whether
 * it is there already. From the first that is not, none is taken for granted.
 */
const already = (to: EventStore, options: CopyOptions) => {
  const slices = slicesOf(to, options)
  let there: readonly RecordedEvent[] = []
  let at = 0
  let isOver = false
  return async ({ stream, revision, id }: RecordedEvent): Promise<boolean> => {
    while (!isOver && at === there.length) {
      const slice = await slices.next()
      if (slice.done === true) isOver = true
      else {
        there = slice.value
        at = 0
      }
    }
    const next = isOver ? undefined : there[at++]
    isOver ||= next?.stream !== stream || next.revision !== revision || next.id !== id
    return !isOver
  }
}

type Slices = AsyncGenerator<readonly RecordedEvent[], E.Either<ReadFault, void>>

async function* slicesOf(store: EventStore, { limit = 1_000, signal }: CopyOptions): Slices {
  for (let after; ;) {
    signal?.throwIfAborted()
    const slice = await store.readAll({ after, limit })()
    if (E.isLeft(slice)) return slice
    yield slice.right.events
    if (slice.right.end) return E.right(undefined)
    after = slice.right.position
  }
}

const MOST_BYTES = 8 * 1024 * 1024

const copyAll = async (
  from: EventStore,
  to: EventStore,
  options: CopyOptions,
): Promise<E.Either<CopyFault, number>> => {
  const revisions = new Map<StreamName, number>()
  let copied = 0
  const isThere = already(to, options)
  const mostBytes = Math.min(MOST_BYTES, to.maxAppendBytes ?? Infinity)
  const slices = slicesOf(from, options)
  for (;;) {
    const slice = await slices.next()
    if (slice.done === true) return E.isLeft(slice.value) ? slice.value : E.right(copied)
    for (const { stream, revision } of slice.value) {
      if (revision !== 0 && !revisions.has(stream))
        return E.left({ type: 'BeginningGone', stream, revision })
      revisions.set(stream, revision)
    }
    const missing: RecordedEvent[] = []
    for (const event of slice.value)
      if (missing.length > 0 || !(await isThere(event))) missing.push(event)
    for (const appends of calls(missing, mostBytes)) {
      const appended = await to.appendAll(appends)()
      if (E.isLeft(appended)) return appended
    }
    copied += slice.value.length
    options.onProgress?.(copied)
  }
}

interface Digest {
  readonly events: number
  readonly hash: string
}

/** What a store holds, stream by stream: the hash of each event goes into that of the next. */
const digests = async (
  store: EventStore,
  options: CopyOptions,
): Promise<E.Either<ReadFault, ReadonlyMap<StreamName, Digest>>> => {
  const found = new Map<StreamName, Digest>()
  const slices = slicesOf(store, options)
  for (;;) {
    const slice = await slices.next()
    if (slice.done === true) return E.isLeft(slice.value) ? slice.value : E.right(found)
    for (const { stream, revision, id, type, data, metadata } of slice.value) {
      const { events = 0, hash = '' } = found.get(stream) ?? {}
      const text = JSON.stringify([hash, revision, id, type, data, metadata])
      found.set(stream, {
        events: events + 1,
        hash: createHash('sha256').update(text).digest('base64'),
      })
    }
  }
}

const differences = (
  from: ReadonlyMap<StreamName, Digest>,
  to: ReadonlyMap<StreamName, Digest>,
): CopyDiffers['streams'] =>
  [...new Set([...from.keys(), ...to.keys()])]
    .filter((stream) => from.get(stream)?.hash !== to.get(stream)?.hash)
    .map((stream) => ({
      stream,
      from: from.get(stream)?.events ?? 0,
      to: to.get(stream)?.events ?? 0,
    }))

/**
 * Copies every event of a store into another and compares the two afterwards. Nothing may write to
 * either meanwhile. Stopped or killed, it is run again and goes on: what is there stays, once. Positions
 * are the target's own: checkpoints and read models do not travel, they are built anew from the log.
 */
export const copyEvents = async (
  from: EventStore,
  to: EventStore,
  options: CopyOptions = {},
): Promise<E.Either<CopyFault, Copied>> => {
  const copied = await copyAll(from, to, options)
  if (E.isLeft(copied)) return copied
  const source = await digests(from, options)
  if (E.isLeft(source)) return source
  const target = await digests(to, options)
  if (E.isLeft(target)) return target
  const streams = differences(source.right, target.right)
  return streams.length > 0
    ? E.left({ type: 'CopyDiffers', streams })
    : E.right({ events: copied.right, streams: source.right.size })
}
