/** Conversations' rows as they were behind any event, from their streams. */
import { beforeAll, rowAfter, type RowMoment } from '@threadbook/projection-views'
import { BoundedMap, type Adapters, type StreamName } from '@threadbook/sourcing'
import { answer } from '../fault.js'
import { marksOf } from '../history/skips.js'
import { rows } from '../list-items.js'

export interface ConversationAt extends RowMoment {
  /** Of its last event; -1 before the first. */
  readonly revision: number
}

export interface ConversationPasts {
  /** Right behind the event of this revision. */
  readonly at: (stream: StreamName, revision: number) => Promise<ConversationAt>
  /** Behind that event or a later one: what is at hand, else the latest. */
  readonly since: (stream: StreamName, revision: number) => Promise<ConversationAt>
  /** Whether that is so behind any event from one revision up to another. */
  readonly ever: (
    stream: StreamName,
    from: number,
    upTo: number,
    isSo: (at: ConversationAt) => boolean,
  ) => Promise<boolean>
  /** Behind the last event there is; the store is asked. */
  readonly now: (stream: StreamName) => Promise<ConversationAt>
}

const START: ConversationAt = { revision: -1, ...beforeAll }

/** Conversations remembered, and moments of each: a few megabytes. */
const CONVERSATIONS = 1_000
const MOMENTS = 4
/** Events read at once. */
const AT_ONCE = 1_000

export const conversationPasts = (adapters: Adapters): ConversationPasts => {
  const { store } = adapters
  /** By revision. */
  const kept = new BoundedMap<StreamName, readonly ConversationAt[]>(CONVERSATIONS)

  const keep = (stream: StreamName, moment: ConversationAt) => {
    const others = (kept.get(stream) ?? []).filter(({ revision }) => revision !== moment.revision)
    const moments = [...others, moment].sort((a, b) => a.revision - b.revision)
    kept.set(stream, moments.slice(-MOMENTS))
  }

  const along = async (
    stream: StreamName,
    from: ConversationAt,
    upTo: number,
    skipped?: ReadonlySet<string>,
  ): Promise<ConversationAt> => {
    let at = from
    while (at.revision < upTo) {
      const limit = Math.min(AT_ONCE, upTo - at.revision)
      const { events } = await answer(store.readStream(stream, { from: at.revision + 1, limit }))
      const last = events.at(-1)
      if (last !== undefined) at = { revision: last.revision, ...rowAfter(at, events, skipped) }
      if (events.length < limit) break
    }
    return at
  }

  const goOn = async (
    stream: StreamName,
    from: ConversationAt,
    upTo = Infinity,
  ): Promise<ConversationAt> => {
    let at = await along(stream, from, upTo)
    if (at.parked) {
      // Asked for only here: hardly a conversation ever breaks, and what broke may be skipped since.
      const skipped = await marksOf({ adapters }, rows)
      if (skipped.size > 0) at = await along(stream, START, upTo, skipped)
    }
    if (at !== from) keep(stream, at)
    return at
  }

  const latest = (stream: StreamName): ConversationAt => kept.get(stream)?.at(-1) ?? START
  const now = (stream: StreamName) => goOn(stream, latest(stream))

  /** All who look at a list ask the same in the same moment: it is read once. */
  const underWay = new Map<string, Promise<ConversationAt>>()
  const together = (name: string, read: () => Promise<ConversationAt>): Promise<ConversationAt> => {
    const reading = underWay.get(name) ?? read().finally(() => underWay.delete(name))
    underWay.set(name, reading)
    return reading
  }

  const at = async (stream: StreamName, revision: number): Promise<ConversationAt> => {
    const earlier = kept.get(stream)?.findLast((moment) => moment.revision <= revision) ?? START
    return earlier.revision === revision
      ? earlier
      : together(`${stream} at ${String(revision)}`, () => goOn(stream, earlier, revision))
  }

  return {
    at,
    ever: async (stream, from, upTo, isSo) => {
      let moment = await at(stream, from)
      while (!isSo(moment)) {
        const limit = Math.min(AT_ONCE, upTo - moment.revision)
        if (limit <= 0) return false
        const slice = { from: moment.revision + 1, limit }
        const { events } = await answer(store.readStream(stream, slice))
        for (const event of events) {
          moment = { revision: event.revision, ...rowAfter(moment, [event]) }
          if (isSo(moment)) return true
        }
        if (events.length < limit) return false
      }
      return true
    },
    since: async (stream, revision) => {
      const at = latest(stream)
      return at.revision >= Math.max(revision, 0)
        ? at
        : together(`${stream} since ${String(revision)}`, () => now(stream))
    },
    now,
  }
}
