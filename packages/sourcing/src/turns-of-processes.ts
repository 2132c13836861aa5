/** How a process gets its turns at what one process does at a time, and shows that it lives. */
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { v4 } from 'uuid'
import type { Unavailable } from './event-store.js'
import { Faulted } from './faulted.js'
import type { Lease, LeaseRow, Leases } from './lease.js'

/** A clock that is never set, in milliseconds. */
export interface TurnClock {
  readonly now: () => number
  /** Ends early when the signal does; never rejects. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const systemClock: TurnClock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) =>
    setTimeout(milliseconds, undefined, { ref: false, signal }).catch(() => undefined),
}

export interface TurnOptions {
  /**
   * Milliseconds without a sign of life after which others take over; 5,000 unless told. All
   * processes are to be told the same.
   */
  readonly takeOverAfter?: number | undefined
  readonly clock?: TurnClock | undefined
}

export interface ProcessTurns {
  /**
   * Does the work whenever it is this process's turn, until the signal ends it. The work hears of
   * the end of its turn by its signal; when it ends by itself, the turn goes to whoever waits.
   */
  readonly take: (
    name: string,
    work: (lease: Lease, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<void>
  /**
   * Does work that ends soon while nobody has a turn of that name, here or elsewhere: whoever had it
   * finds it lost, can write no more, and has it again afterwards. For the inside of another turn.
   */
  readonly seize: <A>(name: string, work: () => Promise<A>) => Promise<A>
  /** Whether it is this process's turn. */
  readonly has: (name: string) => boolean
  /** Ends the turns, gives back what is held, and shows that this process is gone. */
  readonly stop: () => Promise<void>
}

const TAKE_OVER_AFTER_MS = 5_000
/** Signs of life, and looks for them, in the time after which others take over. */
const BEATS = 4

const PROCESS = 'process '
const processOf = ({ holder }: LeaseRow): string => holder.slice(0, holder.indexOf('/'))

interface Seen {
  readonly beat: number
  readonly since: number
}

/** Which processes' rows stand still, as one sees that looks at them now and then. */
class Watch {
  #seen = new Map<string, Seen>()
  constructor(readonly takeOverAfter: number) {}
  /** Nothing can be seen: nobody is dead for being silent meanwhile. */
  blind(): void {
    this.#seen = new Map()
  }
  look(rows: ReadonlyMap<string, LeaseRow>, now: number): void {
    const seen = new Map<string, Seen>()
    for (const [name, { holder, beat }] of rows)
      if (name.startsWith(PROCESS)) {
        const before = this.#seen.get(holder)
        seen.set(holder, before?.beat === beat ? before : { beat, since: now })
      }
    this.#seen = seen
  }
  /** Also where its row was taken away. */
  isDead(process: string, now: number): boolean {
    const seen = this.#seen.get(process)
    return seen === undefined || now - seen.since >= this.takeOverAfter
  }
}

export const processTurns = (
  leases: Leases,
  { takeOverAfter = TAKE_OVER_AFTER_MS, clock = systemClock }: TurnOptions = {},
): ProcessTurns => {
  const period = takeOverAfter / BEATS
  const stopping = new AbortController()
  const watch = new Watch(takeOverAfter)
  const waiting = new Map<string, (row: LeaseRow) => void>()
  const held = new Map<string, { readonly row: LeaseRow; readonly over: AbortController }>()
  const seized = new Set<string>()
  let me = v4()
  /** The last sign of life that was stored; none yet where undefined. */
  let beat: number | undefined
  let lastSign = clock.now()
  let pulse: Promise<void> | undefined
  let kick = new AbortController()

  const endTurns = () => {
    for (const { over } of held.values()) over.abort()
  }

  /** Whether others can see that this process lives. */
  const sign = async (): Promise<'seen' | 'unheard' | 'taken for dead'> => {
    const name = PROCESS + me
    const from = beat === undefined ? undefined : { holder: me, beat }
    const to = { holder: me, beat: (beat ?? -1) + 1 }
    const moved = await leases.moveLease(name, from, to)()
    if (E.isRight(moved) && moved.right) {
      beat = to.beat
      return 'seen'
    }
    const read = await leases.readLeases()
    if (E.isLeft(read)) return 'unheard'
    const there = read.right.get(name)
    if (there === undefined) return beat === undefined ? 'unheard' : 'taken for dead'
    // An answer was lost.
    beat = there.beat
    return 'seen'
  }

  const begin = async (name: string, row: LeaseRow) => {
    const start = waiting.get(name)
    waiting.delete(name)
    if (start !== undefined) start(row)
    // Nobody here wants it any more.
    else await leases.moveLease(name, row, undefined)()
  }

  const takeWhatIsFree = async (rows: ReadonlyMap<string, LeaseRow>, now: number) => {
    for (const name of [...waiting.keys()]) {
      if (seized.has(name)) continue
      const there = rows.get(name)
      // An answer was lost: it was taken all the same.
      if (there !== undefined && processOf(there) === me) {
        await begin(name, there)
        continue
      }
      if (there !== undefined && !watch.isDead(processOf(there), now)) continue
      const mine = { holder: `${me}/${v4()}`, beat: 0 }
      const moved = await leases.moveLease(name, there, mine)()
      if (E.isRight(moved) && moved.right) await begin(name, mine)
    }
    for (const [name, row] of rows)
      if (name.startsWith(PROCESS) && row.holder !== me && watch.isDead(row.holder, now))
        await leases.moveLease(name, row, undefined)()
  }

  const beatOnce = async (): Promise<void> => {
    const sent = clock.now()
    const signed = await sign()
    if (signed === 'taken for dead') {
      endTurns()
      me = v4()
      beat = undefined
      kick.abort()
      return
    }
    if (signed === 'unheard') {
      watch.blind()
      return
    }
    lastSign = sent
    const read = await leases.readLeases()
    if (E.isLeft(read)) {
      watch.blind()
      return
    }
    const now = clock.now()
    watch.look(read.right, now)
    await takeWhatIsFree(read.right, now)
  }

  const living = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      kick = new AbortController()
      await beatOnce()
      await clock.sleep(period, AbortSignal.any([kick.signal, stopping.signal]))
    }
  }
  /** Turns end in time also where no answer comes at all. */
  const minding = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const left = lastSign + takeOverAfter - clock.now()
      if (left <= 0) endTurns()
      await clock.sleep(left > 0 ? left : period, stopping.signal)
    }
  }

  const turnAt = (name: string, signal: AbortSignal): Promise<LeaseRow | undefined> =>
    new Promise((resolve) => {
      const giveUp = () => {
        waiting.delete(name)
        resolve(undefined)
      }
      waiting.set(name, (row) => {
        signal.removeEventListener('abort', giveUp)
        // Taken from here on: another look must not take it again.
        held.set(name, { row, over: new AbortController() })
        resolve(row)
      })
      signal.addEventListener('abort', giveUp, { once: true })
      if (signal.aborted) {
        giveUp()
        return
      }
      pulse ??= Promise.all([living(), minding()]).then(() => undefined)
      kick.abort()
    })

  const orFault = <A>(answer: E.Either<Unavailable, A>): A => {
    if (E.isLeft(answer)) throw new Faulted(answer.left)
    return answer.right
  }

  const seize: ProcessTurns['seize'] = async (name, work) => {
    const mine = { holder: `${me}/${v4()}`, beat: 0 }
    let there: LeaseRow | undefined
    seized.add(name)
    try {
      do there = orFault(await leases.readLeases()).get(name)
      while (!orFault(await leases.moveLease(name, there, mine)()))
      try {
        return await work()
      } finally {
        await leases.moveLease(name, mine, there)()
      }
    } finally {
      seized.delete(name)
    }
  }

  const turns = new Set<Promise<void>>()
  const taking: ProcessTurns['take'] = async (name, work, outer) => {
    const signal = AbortSignal.any([outer, stopping.signal])
    while (!signal.aborted) {
      const row = await turnAt(name, signal)
      if (row === undefined) return
      const { over } = held.get(name)!
      try {
        await work({ name, holder: row.holder }, AbortSignal.any([signal, over.signal]))
      } finally {
        await leases.moveLease(name, row, undefined)()
        held.delete(name)
      }
      // Others look from time to time: it is theirs first.
      await clock.sleep(period * 2, signal)
    }
  }

  return {
    take: (name, work, signal) => {
      const turn = taking(name, work, signal)
      turns.add(turn)
      const done = () => void turns.delete(turn)
      turn.then(done, done)
      return turn
    },
    seize,
    has: (name) => held.get(name)?.over.signal.aborted === false,
    stop: async () => {
      stopping.abort()
      await Promise.allSettled(turns)
      await pulse
      if (beat !== undefined)
        await leases.moveLease(PROCESS + me, { holder: me, beat }, undefined)()
    },
  }
}

/**
 * A turn that somebody waits for: it keeps the process alive, which looks for turns do not. Work that
 * answers undefined lost its turn in the middle, and begins again with the next. Rejects with what
 * it throws, with the signal's reason, or as `Faulted` where the turns were stopped.
 */
export const oneTurn = async <A>(
  turns: ProcessTurns,
  name: string,
  work: (lease: Lease, signal: AbortSignal) => Promise<{ readonly is: A } | undefined>,
  signal?: AbortSignal,
): Promise<A> => {
  signal?.throwIfAborted()
  const finished = new AbortController()
  let answer: { readonly is: A } | undefined
  const alive = setInterval(() => undefined, 60_000)
  try {
    await turns.take(
      name,
      async (lease, turn) => {
        answer = await work(lease, turn)
        if (answer !== undefined) finished.abort()
      },
      AbortSignal.any([finished.signal, ...(signal ? [signal] : [])]),
    )
  } finally {
    clearInterval(alive)
    // Its end, too, may show as the end of the turn.
    signal?.throwIfAborted()
  }
  if (answer === undefined) throw new Faulted({ type: 'Unavailable', reason: 'closed' })
  return answer.is
}
