/** Why a conversation is in a view, or is not: from the log alone, at what the log holds now. */
import { conditionsOf, type NoAccess } from '@threadbook/core'
import {
  pageQuery,
  UNREAD,
  viewOf,
  type ConversationRow,
  type CustomViewRow,
  type InvalidQuery,
  type Term,
} from '@threadbook/projection-views'
import { columnText, type CommandFault, type SkippedEvent } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { notToBeSeen, scopeSeen } from '../access.js'
import { isSeen, type NoSuchView } from '../custom-views.js'
import type { Door } from '../door.js'
import { answering } from '../fault.js'
import { rows as listRows } from '../list-items.js'
import type { ListRequest } from '../list-request.js'
import { inboxesOf } from '../search/request.js'
import {
  conversationMoments,
  inboxMoments,
  readMoments,
  teamMoments,
  userMoments,
  viewMoments,
  type Moment,
} from './moments.js'
import { skipsOf } from './skips.js'
import { trace, type Transition } from './transitions.js'
import type { Question } from './world.js'

/** There never was one, or none that this viewer may know of. */
export interface NoSuchConversation {
  readonly type: 'NoSuchConversation'
  readonly conversationId: string
}

export type ExplainRequest = Pick<ListRequest, 'viewer' | 'inbox' | 'teams' | 'status'>

export interface Explanation {
  readonly conversationId: string
  /** The view's key; of a custom view its id. */
  readonly view: string
  /** What people call the view; of one that was deleted, what they called it. */
  readonly name: string
  /** As the list has it, once it has caught up with the log. */
  readonly isIn: boolean
  /** In the order of the log: each takes back what the one before it did. */
  readonly transitions: readonly Transition[]
  /**
   * Events of the conversation that broke in the list and were passed over by an operator, in the
   * order of the log: the view is as if there were none of them.
   */
  readonly skipped: readonly SkippedEvent[]
  /**
   * What has to hold for a conversation to be in the view, all of it, and whether it does now. None
   * where there is no such conversation any more, or no such view.
   */
  readonly terms: readonly Term[]
}

export type Explained = E.Either<
  NoSuchConversation | NoSuchView | InvalidQuery | NoAccess | CommandFault,
  Explanation
>

const TEAM = 'team:'

const teamsNamed = (names: Iterable<string>): readonly string[] =>
  [...names].flatMap((name) => (name.startsWith(TEAM) ? [name.slice(TEAM.length)] : []))

interface Asked {
  readonly name: string
  readonly moments: readonly Moment[]
  /** Every form that a custom view has had. */
  readonly forms: readonly CustomViewRow[]
}

const there = <Row>(moments: readonly { readonly row: Row | undefined }[]): readonly Row[] =>
  moments.flatMap(({ row }) => (row === undefined ? [] : [row]))

/** The view, where the request makes sense of it and the viewer sees it. */
const askedAbout = async (
  door: Door,
  { view, viewer, status }: Question,
  request: ExplainRequest,
): Promise<E.Either<NoSuchView | InvalidQuery, Asked>> => {
  if (typeof view === 'string') {
    const query = pageQuery(view, { account: door.account, viewer, status })
    if (E.isLeft(query)) return query
    return E.right({ name: viewOf(view).name, moments: [], forms: [] })
  }
  const id = view.view
  const moments = id === '' ? [] : await viewMoments(door, id)
  const forms = there(moments)
  const row = forms.at(-1)
  const teams = request.teams === 'mine' ? undefined : request.teams
  if (row === undefined || !(await isSeen(door, row, { viewer, teams })))
    return E.left({ type: 'NoSuchView', view: id })
  return E.right({ name: row.name, moments, forms })
}

/** What decides beside the conversation and the view: who looks, and what they may look into. */
const surroundings = async (
  door: Door,
  conversationId: string,
  { viewer, teams, inboxes: asked }: Question,
  rows: readonly ConversationRow[],
  forms: readonly CustomViewRow[],
): Promise<readonly Moment[]> => {
  if (viewer === undefined) return []
  const moments: Moment[] = [...(await userMoments(door, viewer))]
  const teamIds = new Set<string>()
  if (moments.length > 0)
    for (const id of new Set([...rows.map(({ inbox }) => inbox), ...(asked ?? [])])) {
      const its = await inboxMoments(door, id)
      moments.push(...its)
      for (const { row } of its)
        if (row !== undefined && row.members !== 'everyone')
          for (const team of teamsNamed(row.members)) teamIds.add(team)
    }
  if (teams === 'mine')
    for (const team of teamsNamed(rows.at(-1)?.everOwners ?? [])) teamIds.add(team)
  for (const { team } of forms) if (team !== null) teamIds.add(team)
  if (
    forms.some(({ filter }) => conditionsOf(filter).some(({ attribute }) => attribute === UNREAD))
  )
    moments.push(...(await readMoments(door, viewer, conversationId)))
  for (const id of teamIds) moments.push(...(await teamMoments(door, id)))
  return moments
}

export const explain = (
  door: Door,
  conversationId: string,
  view: Question['view'],
  request: ExplainRequest = {},
): Promise<Explained> =>
  answering(async (): Promise<Explained> => {
    const { viewer, teams, status } = request
    const scope = await scopeSeen(door, viewer, inboxesOf(door, request.inbox))
    if (E.isLeft(scope)) return scope
    const inboxes = inboxesOf(door, request.inbox)
    const question: Question = { account: door.account, view, inboxes, viewer, teams, status }
    const asked = await askedAbout(door, question, request)
    if (E.isLeft(asked)) return asked
    const steps = conversationId === '' ? [] : await conversationMoments(door, conversationId)
    const rows = there(steps)
    const last = rows.at(-1)
    if (last === undefined || (await notToBeSeen(door, viewer, last.inbox)) !== undefined)
      return E.left({ type: 'NoSuchConversation', conversationId })
    const around = await surroundings(door, conversationId, question, rows, asked.right.forms)
    const moments = [...steps, ...asked.right.moments, ...around]
    const key = columnText(conversationId)
    return E.right({
      conversationId,
      view: typeof view === 'string' ? view : view.view,
      name: asked.right.name,
      skipped: (await skipsOf(door, listRows)).filter((skipped) => skipped.key === key),
      ...trace(question, moments, door.now()),
    })
  })
