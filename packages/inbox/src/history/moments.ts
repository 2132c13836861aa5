/** What decided about a view along the log: a conversation, the view, and who looks. */
import { conversations, customViews, inboxes, readStates, teams, users } from '@threadbook/core'
import type { User } from '@threadbook/core'
import {
  along,
  beforeAll,
  customViewRows,
  inboxRows,
  readStateProjection,
  rowAfter,
  teamRows,
  type ConversationRow,
  type CustomViewRow,
  type InboxRow,
  type ReadStateRow,
  type TeamRow,
} from '@threadbook/projection-views'
import {
  compareText,
  decodeEvent,
  Faulted,
  streamName,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'
import { answer } from '../fault.js'
import { rows } from '../list-items.js'
import { marksOf } from './skips.js'

/** An event without its data: what is kept of a long stream. */
export type Occasion = Omit<RecordedEvent, 'data'>

interface Of<Row> {
  readonly event: Occasion
  /** After the event. */
  readonly row: Row | undefined
}

/** An event, and what it made of the thing that its stream is about. */
export type Moment =
  | ({ readonly about: 'conversation' } & Of<ConversationRow>)
  | ({ readonly about: 'view' } & Of<CustomViewRow>)
  | ({ readonly about: 'readState' } & Of<ReadStateRow>)
  | ({ readonly about: 'inbox'; readonly id: string } & Of<InboxRow>)
  | ({ readonly about: 'team'; readonly id: string } & Of<TeamRow>)
  | { readonly about: 'user'; readonly event: Occasion; readonly state: User }
type MomentAbout<A extends Moment['about']> = Extract<Moment, { readonly about: A }>

const AT_ONCE = 1_000

/** A stream from its start, slice by slice. */
export async function* eventsOf(
  { adapters, account }: Pick<Door, 'adapters' | 'account'>,
  category: string,
  id: string,
): AsyncGenerator<RecordedEvent, void> {
  const stream = streamName(category, account, id)
  for (let from = 0; ;) {
    const { events } = await answer(adapters.store.readStream(stream, { from, limit: AT_ONCE }))
    yield* events
    const last = events.at(-1)
    if (last === undefined || events.length < AT_ONCE) return
    from = last.revision + 1
  }
}

const occasion = ({ data: _, ...event }: RecordedEvent): Occasion => event

const rowsOf = async <Row extends object>(
  door: Door,
  projection: object,
  events: AsyncIterable<RecordedEvent>,
  concerns: (event: RecordedEvent) => boolean = () => true,
): Promise<readonly Of<Row>[]> => {
  const all: RecordedEvent[] = []
  for await (const event of events) if (concerns(event)) all.push(event)
  const steps: Of<Row>[] = []
  const rows = projection as Rows
  for (const { event, after } of along<Row>(rows, all, await marksOf(door, rows)))
    steps.push({ event: occasion(event), row: after })
  return steps
}

export const conversationMoments = async (
  door: Door,
  id: string,
): Promise<readonly MomentAbout<'conversation'>[]> => {
  const moments: MomentAbout<'conversation'>[] = []
  let moment = beforeAll
  const skipped = await marksOf(door, rows)
  for await (const event of eventsOf(door, conversations.category, id)) {
    moment = rowAfter(moment, [event], skipped)
    moments.push({ about: 'conversation', event: occasion(event), row: moment.row })
  }
  return moments
}

export const viewMoments = async (
  door: Door,
  id: string,
): Promise<readonly MomentAbout<'view'>[]> => {
  const events = eventsOf(door, customViews.category, id)
  const steps = await rowsOf<CustomViewRow>(door, customViewRows, events)
  return steps.map((step) => ({ about: 'view', ...step }))
}

export const inboxMoments = async (
  door: Door,
  id: string,
): Promise<readonly MomentAbout<'inbox'>[]> => {
  const steps = await rowsOf<InboxRow>(door, inboxRows, eventsOf(door, inboxes.category, id))
  return steps.map((step) => ({ about: 'inbox', id, ...step }))
}

export const teamMoments = async (
  door: Door,
  id: string,
): Promise<readonly MomentAbout<'team'>[]> => {
  const steps = await rowsOf<TeamRow>(door, teamRows, eventsOf(door, teams.category, id))
  return steps.map((step) => ({ about: 'team', id, ...step }))
}

/** Of what a user has read, what is about one conversation. */
export const readMoments = async (
  door: Door,
  user: string,
  conversation: string,
): Promise<readonly MomentAbout<'readState'>[]> => {
  const events = eventsOf(door, readStates.category, user)
  const concerns = ({ data }: RecordedEvent) =>
    (data as { readonly conversation?: unknown }).conversation === conversation
  const steps = await rowsOf<ReadStateRow>(door, readStateProjection, events, concerns)
  return steps.map((step) => ({ about: 'readState', ...step }))
}

const decodeUser = decodeEvent(users.events)

export const userMoments = async (
  door: Door,
  id: string,
): Promise<readonly MomentAbout<'user'>[]> => {
  const moments: MomentAbout<'user'>[] = []
  let state = users.initial()
  for await (const stored of eventsOf(door, users.category, id)) {
    const event = decodeUser(stored)
    if (E.isLeft(event)) throw new Faulted(event.left)
    state = users.evolve(state, event.right)
    moments.push({ about: 'user', event: occasion(stored), state })
  }
  return moments
}

/** In the order of the log. */
export const inOrder = (moments: readonly Moment[]): readonly Moment[] =>
  [...moments].sort((a, b) => compareText(a.event.position, b.event.position))
