/** How a conversation came into a view and out of it again. Pure. */
import { momentsOfChange, termOf, type Term } from '@threadbook/projection-views'
import { streamCategory, type IsoTime, type Position } from '@threadbook/sourcing'
import { inOrder, type Moment, type Occasion } from './moments.js'
import { openWorld, type Question, type World } from './world.js'

/** The event that turned it: of the conversation, or of the view, or of who looks. */
export interface EventCause {
  readonly type: 'event'
  readonly event: string
  readonly eventId: string
  /** `conversation`, `view`, `inbox`, `user`, `team` or `readState`. */
  readonly category: string
  readonly stream: string
  readonly revision: number
  readonly position: Position
  readonly actor: string
  /** What one command wrote to a stream was there at once: nobody saw the list in between. */
  readonly commandId: string
  /** When it happened, as the source says. */
  readonly occurredAt: IsoTime
  /** When it was written. */
  readonly recordedAt: IsoTime
}

/** A filter of relative days turns by itself. */
export interface TimeCause {
  readonly type: 'time'
  readonly at: IsoTime
}

export interface Transition {
  readonly change: 'entered' | 'left'
  readonly because: EventCause | TimeCause
  /** The terms that turned: those that hold since then, or that fail since then. */
  readonly turned: readonly string[]
}

const causeOf = ({ id, type, stream, revision, position, metadata }: Occasion): EventCause => ({
  type: 'event',
  event: type,
  eventId: id,
  category: streamCategory(stream),
  stream,
  revision,
  position,
  actor: metadata.actor,
  commandId: metadata.commandId,
  occurredAt: metadata.occurredAt,
  recordedAt: metadata.recordedAt,
})

export interface Traced {
  readonly transitions: readonly Transition[]
  readonly isIn: boolean
  /** As they stand now; none where there is no conversation, or no such view. */
  readonly terms: readonly Term[]
}

const termsAt = (world: World, now: IsoTime): readonly Term[] => {
  const row = world.row()
  const statements = row && world.statements(now)
  return statements?.map((statement) => termOf(statement, row!)) ?? []
}

/** Terms that read otherwise than before, of those that there were before. */
const turnedTo = (before: readonly Term[], after: readonly Term[], to: boolean) => {
  const were = new Map(before.map(({ text, holds }) => [text, holds]))
  return after.flatMap(({ text, holds }) => (holds === to && were.get(text) === !to ? [text] : []))
}

export const trace = (question: Question, moments: readonly Moment[], now: IsoTime): Traced => {
  const world = openWorld(question)
  const transitions: Transition[] = []
  let isIn = false
  let terms: readonly Term[] = []
  let time = ''

  const look = (at: IsoTime, because: Transition['because']): void => {
    const before = terms
    terms = termsAt(world, at)
    const was = isIn
    isIn = world.isIn(at)
    if (isIn === was) return
    const turned = turnedTo(before, terms, isIn)
    transitions.push({ change: isIn ? 'entered' : 'left', because, turned })
  }

  /** Writers' clocks differ: time never goes back. */
  const passUntil = (until: IsoTime): void => {
    const filterAt = world.filterAt()
    const row = world.row()
    if (filterAt !== undefined && row !== undefined && time !== '')
      for (const at of momentsOfChange(filterAt, row, time, until)) look(at, { type: 'time', at })
    if (until > time) time = until
  }

  for (const moment of inOrder(moments)) {
    passUntil(moment.event.metadata.recordedAt)
    world.take(moment)
    look(time, causeOf(moment.event))
  }
  passUntil(now)
  look(time, { type: 'time', at: time })
  return { transitions, isIn, terms }
}
