/** Runs followers behind a log: one subscription wakes them all, each goes at its own pace. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { isNonEmpty, type Position, type RecordedEvent } from './event.js'
import { passes } from './event-filter.js'
import type { EventFilter, EventStore, ReadFault, Unavailable } from './event-store.js'
import type { Follower } from './follow.js'
import type { Lease } from './lease.js'
import type { ReadModels } from './read-models.js'
import { backOff } from './subscription.js'
import { processTurns, type ProcessTurns } from './turns-of-processes.js'

export interface FollowingOptions {
  /** Hears of each fault; the follower tries again, for ever, after a growing pause. */
  readonly onFault?: (follower: string, fault: unknown) => void
  /** Milliseconds before the next attempt, the first being number 0; `backOff` unless told. */
  readonly pause?: (attempt: number) => number
  /** Each follower goes in one process at a time; unless told, these are made for the occasion. */
  readonly turns?: ProcessTurns
}

export interface Following {
  /** Answers once all followers have handled what is in the log, and what came of it. */
  readonly settled: (signal?: AbortSignal) => Promise<void>
  /** Lets each finish what it is at, and writes down where it stands. */
  readonly stop: () => Promise<void>
}

/** Events a follower is given at once, at most. */
const AT_ONCE = 100
/** A checkpoint is written at most so often; what was handled since comes again after a crash. */
const CHECKPOINT_EVERY_MS = 1_000
/** Stands for the beginning of the log where a checkpoint is kept: that has no position. */
const BEGINNING = '' as Position

/** What one of them reads, at least. */
const union = (filters: readonly EventFilter[]): EventFilter => {
  const all = (kind: 'types' | 'streamPrefixes') =>
    filters.every((each) => each[kind] !== undefined) && {
      [kind]: [...new Set(filters.flatMap((each) => each[kind]!))],
    }
  return { ...all('types'), ...all('streamPrefixes') }
}

interface Log {
  readonly store: EventStore
  readonly readModels: ReadModels
}

/** The end of the log as it is now; undefined where nothing is in it. */
const endOf = async (
  store: EventStore,
  from?: Position,
): Promise<E.Either<ReadFault, Position | undefined>> => {
  for (let after = from; ;) {
    const slice = await store.readAll({ after, filter: { types: [] } })()
    if (E.isLeft(slice)) return slice
    after = slice.right.position ?? after
    if (slice.right.end) return E.right(after)
  }
}

/** Where a follower stands. The first time it runs, where it begins is written down at once. */
const beginning = async (
  { store, readModels }: Log,
  { name, from = 'end' }: Follower,
): Promise<E.Either<ReadFault, Position | undefined>> => {
  const checkpoint = await readModels.readCheckpoint(name)()
  if (E.isLeft(checkpoint)) return checkpoint
  if (checkpoint.right !== undefined)
    return E.right(checkpoint.right === BEGINNING ? undefined : checkpoint.right)
  if (from === 'start') return E.right(undefined)
  const end = await endOf(store)
  if (E.isLeft(end)) return end
  const written = await readModels.writeCheckpoint(name, end.right ?? BEGINNING)()
  if (E.isLeft(written) && written.left.type === 'Unavailable') return E.left(written.left)
  return end
}

const isPast = (a: Position | undefined, b: Position | undefined): boolean =>
  a !== undefined && (b === undefined || a > b)

/** One follower on its way through the log, when it is this process's turn. */
class Lane {
  position: Position | undefined
  busy = false
  #written: Position | undefined
  #writtenAt = 0
  #timer: NodeJS.Timeout | undefined
  #offered: readonly RecordedEvent[] | undefined
  #offeredTo: Position | undefined
  #mayHaveMore = true
  #wake: (() => void) | undefined
  #lease: Lease | undefined
  /** Ends with the turn. */
  #turn: AbortSignal = AbortSignal.abort()
  readonly #wants: (event: RecordedEvent) => boolean

  constructor(
    readonly log: Log,
    readonly follower: Follower,
    readonly options: Required<Omit<FollowingOptions, 'turns'>>,
  ) {
    this.#wants = passes(follower.filter)
  }

  /** Where it stands is known here, and nowhere else as well. */
  get atWork(): boolean {
    return !this.#turn.aborted
  }

  /** What came behind `before`, up to `to`: handed over where it rests, else it looks for itself. */
  offer(events: readonly RecordedEvent[], before: Position | undefined, to: Position): void {
    if (!this.atWork || !isPast(to, this.position)) return
    const wanted = events.filter(
      (event) => isPast(event.position, this.position) && this.#wants(event),
    )
    if (this.busy || this.#mayHaveMore || isPast(before, this.position)) this.#mayHaveMore = true
    else if (wanted.length === 0) {
      this.#moveTo(to)
      return
    } else {
      this.#offered = wanted
      this.#offeredTo = to
    }
    this.#wake?.()
  }

  /** A turn at it: on from where whoever was at it before wrote that it stands. */
  async run(lease: Lease, turn: AbortSignal): Promise<void> {
    this.busy = true
    const start = await beginning(this.log, this.follower)
    if (E.isLeft(start)) this.options.onFault(this.follower.name, start.left)
    else {
      this.position = start.right
      this.#written = start.right
      this.#offered = undefined
      this.#mayHaveMore = true
      this.#lease = lease
      this.#turn = turn
      const wake = () => this.#wake?.()
      turn.addEventListener('abort', wake)
      await this.#follow()
      await this.keepCheckpoint()
      turn.removeEventListener('abort', wake)
      this.#lease = undefined
    }
    this.busy = false
  }

  async #follow(): Promise<void> {
    for (let attempt = 0; !this.#turn.aborted;) {
      if (this.#offered === undefined && !this.#mayHaveMore) {
        this.busy = false
        await this.#sleep()
        continue
      }
      this.busy = true
      const step = await this.#step().catch((error: unknown) => E.left(error))
      if (E.isRight(step)) attempt = 0
      else {
        this.#mayHaveMore = true
        this.options.onFault(this.follower.name, step.left)
        await this.#sleep(this.options.pause(attempt++))
      }
    }
  }

  async #step(): Promise<E.Either<ReadFault, void>> {
    const offered = this.#offered
    const offeredTo = this.#offeredTo
    this.#offered = undefined
    if (offered !== undefined && offeredTo !== undefined) {
      for (let at = 0; at < offered.length; at += AT_ONCE) {
        if (this.#turn.aborted) return E.right(undefined)
        const handled = await this.#handle(offered.slice(at, at + AT_ONCE))
        if (E.isLeft(handled)) return handled
      }
      this.#moveTo(offeredTo)
      return E.right(undefined)
    }
    this.#mayHaveMore = false
    const { filter } = this.follower
    const slice = await this.log.store.readAll({ after: this.position, filter, limit: AT_ONCE })()
    if (E.isLeft(slice)) return slice
    const { events, position, end } = slice.right
    const handled = await this.#handle(events)
    if (E.isLeft(handled)) return handled
    if (position !== undefined) this.#moveTo(position)
    if (!end) this.#mayHaveMore = true
    return E.right(undefined)
  }

  async #handle(events: readonly RecordedEvent[]): Promise<E.Either<Unavailable, void>> {
    if (!isNonEmpty(events)) return E.right(undefined)
    const handled = await this.follower.handle(events, this.#turn)
    if (E.isRight(handled)) this.#moveTo(events.at(-1)!.position)
    return handled
  }

  #moveTo(position: Position): void {
    if (!isPast(position, this.position)) return
    this.position = position
    const passed = Date.now() - this.#writtenAt
    this.#timer ??= setTimeout(
      () => void this.keepCheckpoint(),
      Math.max(0, CHECKPOINT_EVERY_MS - passed),
    ).unref()
  }

  /** Where it cannot be written, the next time will do. */
  async keepCheckpoint(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { position } = this
    if (position === undefined || position === this.#written) return
    this.#writtenAt = Date.now()
    const { name } = this.follower
    const written = await this.log.readModels.writeCheckpoint(name, position, this.#lease)()
    if (E.isRight(written)) this.#written = position
    else if (written.left.type === 'Unavailable')
      this.options.onFault(this.follower.name, written.left)
  }

  /** Until it is woken, or so many milliseconds. */
  #sleep(milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#turn.aborted) {
        resolve()
        return
      }
      const timer =
        milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds).unref()
      this.#wake = () => {
        // News do not shorten the pause after a fault; the end does.
        if (timer !== undefined && !this.#turn.aborted) return
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
    })
  }
}

/** Whether anything is left in the log for it. */
const hasMore = async (
  { store }: Log,
  { filter }: Follower,
  place: Position | undefined,
): Promise<boolean> => {
  for (let after = place; ;) {
    const slice = await store.readAll({ after, filter, limit: 1 })()
    if (E.isLeft(slice) || slice.right.events.length > 0) return true
    after = slice.right.position ?? after
    if (slice.right.end) return false
  }
}

const LOOK_AGAIN_MS = 2

/**
 * Starts them where each was left. Rejects where the log or the checkpoints cannot be read; faults
 * later on are only told, and tried again.
 */
export const startFollowing = async (
  log: Log,
  followers: readonly Follower[],
  { onFault = () => undefined, pause = backOff, ...given }: FollowingOptions = {},
): Promise<E.Either<ReadFault, Following>> => {
  const stopping = new AbortController()
  const { signal } = stopping
  // Older events each lane reads for itself: the subscription is for what comes.
  let furthest: Position | undefined
  for (const follower of followers) {
    const start = await beginning(log, follower)
    if (E.isLeft(start)) return start
    if (isPast(start.right, furthest)) furthest = start.right
  }
  const lanes = followers.map((follower) => new Lane(log, follower, { onFault, pause }))
  const turns = given.turns ?? processTurns(log.readModels)
  const end = await endOf(log.store, furthest)
  if (E.isLeft(end)) return end

  const hear = async (): Promise<void> => {
    if (lanes.length === 0) return
    let after = end.right
    const filter = union(followers.map((each) => each.filter))
    for (let attempt = 0; !signal.aborted; attempt++) {
      for await (const message of log.store.subscribe({ after, filter, signal })) {
        if (message.type === 'failed') onFault('', message.fault)
        if (message.type !== 'events') continue
        attempt = 0
        for (const lane of lanes) lane.offer(message.events, after, message.position)
        after = message.position
      }
      await sleep(pause(attempt), undefined, { ref: false, signal }).catch(() => undefined)
    }
  }
  const running = Promise.all([
    hear(),
    ...lanes.map((lane) =>
      turns.take(lane.follower.name, (lease, turn) => lane.run(lease, turn), signal),
    ),
  ])

  /** Where a follower stands: another process that is at it writes it down now and then. */
  const placeOf = async (lane: Lane): Promise<Position | undefined | 'unknown'> => {
    if (lane.atWork) return lane.position
    const checkpoint = await log.readModels.readCheckpoint(lane.follower.name)()
    if (E.isLeft(checkpoint)) return 'unknown'
    return checkpoint.right === BEGINNING ? undefined : checkpoint.right
  }

  const rests = async (): Promise<boolean> => {
    const before = lanes.map((lane) => lane.position)
    for (const lane of lanes) {
      const place = await placeOf(lane)
      if (lane.busy || place === 'unknown' || (await hasMore(log, lane.follower, place)))
        return false
    }
    return lanes.every((lane, index) => !lane.busy && lane.position === before[index])
  }

  return E.right({
    settled: async (until) => {
      while (!(await rests())) {
        until?.throwIfAborted()
        if (signal.aborted) return
        await sleep(LOOK_AGAIN_MS)
      }
    },
    stop: async () => {
      stopping.abort()
      await running
      if (given.turns === undefined) await turns.stop()
    },
  })
}
