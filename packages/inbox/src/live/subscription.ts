/** One subscription on its way through the log: what is to be told next, and from where to go on. */
import {
  coalesce,
  touchFilter,
  touchOf,
  type Pending,
  type Touch,
} from '@threadbook/projection-views'
import type { Position } from '@threadbook/sourcing'
import { answer } from '../fault.js'
import { BEGINNING, endOfLog, type LogTail, type TailOf } from './log-tail.js'
import type { ReloadReason, ViewMessage } from './messages.js'
import { untilNextMinute, type Question } from './question.js'
import type { Teller, Told } from './teller.js'

/** Events of an account that are gone through for somebody who comes back. */
const MOST_BEHIND = 10_000

const digitless = (text: string): string => text.replace(/\d/g, '0')

/** Positions of one log are all written alike. */
const isOfLog = (position: string, end: Position): boolean =>
  position === BEGINNING || (digitless(position) === digitless(end) && position <= end)

/** Touches of an account behind a place, up to another; undefined where they are too many. */
const readTouches = async (
  { adapters: { store } }: Pick<TailOf, 'adapters'>,
  account: string,
  from: Position,
  upTo: Position,
): Promise<readonly Touch[] | undefined> => {
  const touches: Touch[] = []
  const filter = touchFilter(account)
  for (let after = from === BEGINNING ? undefined : from; ;) {
    const { events, position, end } = await answer(store.readAll({ after, filter }))
    touches.push(...events.flatMap((event) => touchOf(event) ?? []))
    if (touches.length > MOST_BEHIND) return undefined
    after = position ?? after
    if (end || (after !== undefined && after >= upTo))
      return touches.filter((touch) => touch.position <= upTo)
  }
}

export class Subscription {
  #position: Position = BEGINNING
  #pending: readonly Pending[] = []
  #pendingUpTo: Position = BEGINNING
  /** All that is to be told before `caughtUp`. */
  #target: Position = BEGINNING
  #saidCaughtUp = false
  #look = false
  /** The reader may know what stands in the log up to here; undefined: as far as it goes by now. */
  #knownUpTo: Position | undefined = BEGINNING
  /** Nobody knows how things stood where it begins. */
  #resumed = false

  constructor(
    readonly log: Pick<TailOf, 'adapters'>,
    readonly teller: Teller,
    readonly tail: LogTail,
    readonly signal: AbortSignal,
  ) {}

  get #now() {
    return this.teller.door.now()
  }

  /** Undefined where there is nothing to say before it goes on. */
  async begin(): Promise<ViewMessage | undefined> {
    const { from } = this.teller.request
    const { last, end } = await endOfLog(this.log.adapters, this.tail.end(), touchFilter())
    this.#target = last ?? this.tail.end()
    if (from === undefined) return this.#reload('started')
    if (!isOfLog(from, end)) return this.#reload('tooFarBehind')
    if (this.teller.question.timed) return this.#reload('timePassed')
    this.#position = from as Position
    this.#knownUpTo = end
    this.#resumed = true
    return undefined
  }

  /** Undefined: look again. */
  async next(): Promise<ViewMessage | undefined> {
    if (this.#knownUpTo === undefined) {
      // It was listed since.
      const { end } = await endOfLog(this.log.adapters, this.#position, { types: [] })
      this.#knownUpTo = end
    }
    if (this.#look) {
      const asked = await this.teller.ask()
      this.#look = false
      if (!('lookAt' in asked)) return this.#say(asked)
    }
    const [first, ...others] = this.#pending
    if (first !== undefined) {
      const told = await this.teller.tell(first)
      const more = 'lookAt' in told ? told.lookAt : []
      this.#pending = [...more, ...others]
      this.#position = this.#pending[0]?.behind ?? this.#pendingUpTo
      return this.#say(told)
    }
    if (this.#position < this.tail.end()) return this.#gather()
    if (!this.#saidCaughtUp && this.#position >= this.#target) {
      this.#saidCaughtUp = true
      return { type: 'caughtUp', position: this.#position }
    }
    const { timed } = this.teller.question
    await this.tail.news(
      this.#position,
      this.signal,
      timed ? untilNextMinute(this.#now) : undefined,
    )
    this.#look = timed
    return undefined
  }

  #say(told: Told): ViewMessage | undefined {
    if ('reload' in told) return this.#reload(told.reload, told.question)
    if ('refused' in told) return { type: 'failed', fault: told.refused }
    return 'say' in told ? { ...told.say, position: this.#position } : undefined
  }

  async #gather(): Promise<ViewMessage | undefined> {
    const from = this.#position
    const upTo = this.tail.end()
    const { account } = this.teller.door
    const touches =
      from >= this.tail.start()
        ? this.tail.touches(from)
        : await readTouches(this.log, account, from, upTo)
    if (touches === undefined) return this.#reload('tooFarBehind')
    const { request, view } = this.teller
    const onlooker = {
      account,
      viewer: request.viewer,
      view: typeof view === 'string' ? undefined : view.view,
    }
    const { pending, asksAnew } = coalesce(touches, onlooker, from)
    const resumed = this.#resumed
    this.#resumed = false
    this.teller.readerMayKnowMore = from < this.#knownUpTo!
    if (asksAnew && resumed) return this.#reload('accessChanged')
    this.#look = asksAnew
    this.#pending = pending
    this.#pendingUpTo = upTo
    this.#position = pending[0]?.behind ?? upTo
    return undefined
  }

  #reload(reason: ReloadReason, question: Question = this.teller.question): ViewMessage {
    this.teller.startAnew(question)
    this.#pending = []
    this.#resumed = false
    this.#knownUpTo = undefined
    const end = this.tail.end()
    if (this.#position < end) this.#position = end
    return { type: 'reload', reason, position: this.#position }
  }
}
