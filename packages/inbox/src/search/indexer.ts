/** Keeps the search index up to date: from its checkpoint to the end of the log, a little at a time. */
import { performance } from 'node:perf_hooks'
import { clearInterval, setInterval } from 'node:timers'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type {
  Adapters,
  CommandFault,
  NewerSearchIndex,
  RecordedEvent,
  SearchIndex,
  Unavailable,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'
import { answer, answering } from '../fault.js'
import { changesOf, INDEX_VERSION, indexedEvents } from './changes.js'
import { takingTurns } from './taking-turns.js'

/** Events that become one transaction: a few milliseconds of work. */
const SLICE = 32
/** How often it is looked whether something new is there, and how busy others may be meanwhile. */
const LOOK_MS = 1_000
const BUSY = 0.5

type Done = E.Either<CommandFault, void>

export interface Indexer {
  /**
   * Answers true once the index speaks of all that was in the log when it was asked; false where
   * that would take longer than `patience` milliseconds. It goes on all the same.
   */
  readonly caughtUp: (options?: {
    readonly patience?: number
    readonly signal?: AbortSignal | undefined
    readonly onProgress?: ((events: number) => void) | undefined
  }) => Promise<E.Either<CommandFault, boolean>>
  readonly stop: () => Promise<void>
}

export interface IndexerParts {
  readonly doorOf: (account: string) => Door
  /** Answers once the views hold an event. */
  readonly upToDate: (event: RecordedEvent) => Promise<void>
  readonly onFault: (where: string, fault: unknown) => void
}

const asUnavailable = (fault: Unavailable | NewerSearchIndex): Unavailable =>
  fault.type === 'Unavailable'
    ? fault
    : {
        type: 'Unavailable',
        reason: `the search index is of version ${String(fault.stored)}, not ${String(fault.version)}`,
      }

export const startIndexer = (
  adapters: Adapters,
  search: SearchIndex,
  { doorOf, upToDate, onFault }: IndexerParts,
): Indexer => {
  const { store } = adapters
  let opened = false
  let stopping = false

  /** Of which log, is known from its first event on. */
  const open = async (): Promise<boolean> => {
    if (opened) return true
    const first = (await answer(store.readAll({ limit: 1 }))).events[0]
    if (first === undefined) return false
    const log = { version: INDEX_VERSION, firstEvent: `${first.stream} ${first.id}` }
    const made = await search.open(log)()
    if (E.isLeft(made)) await answer(async () => E.left(asUnavailable(made.left)))
    return (opened = true)
  }

  interface Step {
    readonly end: boolean
    readonly events: number
  }

  /** One slice; somebody else may have been quicker. */
  const step = (): Promise<Step> =>
    takingTurns(search, async () => {
      if (!(await open())) return { end: true, events: 0 }
      const after = await answer(search.checkpoint())
      const { events, position, end } = await answer(
        store.readAll({ after, filter: indexedEvents, limit: SLICE }),
      )
      if (position === undefined || position === after) return { end, events: 0 }
      const last = events.at(-1)
      if (last !== undefined) await upToDate(last)
      const changes = await changesOf(doorOf, adapters, events)
      const applied = await search.apply(changes, { after, position })()
      if (E.isLeft(applied)) {
        if (applied.left.type === 'CheckpointMoved') return { end: false, events: 0 }
        await answer(async () => applied)
      }
      return { end, events: events.length }
    })

  const heard = new Set<(events: number) => void>()
  let running: Promise<Done> | undefined
  const run = async (): Promise<Done> => {
    try {
      for (let handled = 0; !stopping;) {
        const { end, events } = await step()
        handled += events
        for (const hear of heard) hear(handled)
        if (end) break
        await setImmediate()
      }
      return E.right(undefined)
    } finally {
      running = undefined
    }
  }
  const runOnce = (): Promise<Done> => (running ??= answering(run))

  /** Whoever has work to do is left to it: a search makes up for what is missing. */
  let used = performance.eventLoopUtilization()
  const look = async (): Promise<void> => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, used)
    used = now
    if (utilization > BUSY || running !== undefined || stopping) return
    const done = await runOnce()
    if (E.isLeft(done)) onFault('search', done.left)
  }
  let looking: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    looking = look()
  }, LOOK_MS).unref()

  const within = async (
    work: Promise<Done>,
    patience: number,
    signal: AbortSignal | undefined,
  ): Promise<E.Either<CommandFault, boolean>> => {
    const done = work.then((answered) => E.map(() => true)(answered))
    if (patience === Infinity && signal === undefined) return done
    const over = new AbortController()
    const ended = AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])])
    // The longest that a timer can be set to.
    const late = setTimeout(Math.min(patience, 2 ** 31 - 1), undefined, {
      ref: false,
      signal: ended,
    })
    try {
      return await Promise.race([
        done,
        late.then(
          () => E.right(false),
          () => done,
        ),
      ])
    } finally {
      over.abort()
      signal?.throwIfAborted()
    }
  }

  return {
    caughtUp: ({ patience = Infinity, signal, onProgress } = {}) =>
      answering(async () => {
        signal?.throwIfAborted()
        if (onProgress !== undefined) heard.add(onProgress)
        try {
          // What runs already may have read the end of the log before this was asked.
          const work = running === undefined ? runOnce() : running.then(runOnce)
          return await within(work, patience, signal)
        } finally {
          if (onProgress !== undefined) heard.delete(onProgress)
        }
      }),
    stop: async () => {
      stopping = true
      clearInterval(timer)
      await looking
      await running
    },
  }
}
