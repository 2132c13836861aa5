/** What access asks of the streams: who somebody is, whose an inbox is (K-15). */
import {
  accessTo,
  conversations,
  inboxes,
  inboxSettings,
  needsToAct,
  notPermitted,
  teams,
  userChangedBy,
  users,
  type Access,
  type Members,
  type NoAccess,
  type NotPermitted,
  type Request,
  type User,
} from '@threadbook/core'
import { inboxRows, type InboxRow } from '@threadbook/projection-views'
import {
  filters,
  type Category,
  type DomainEvent,
  type RowQuery,
  type Rows,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'
import { answer } from './fault.js'
import { stateOf } from './state-of.js'
import type { Step } from './steps/step.js'

/** As a projection is handed to adapters, which know no row types. */
export const inboxTable = inboxRows as unknown as Rows

const TEAM = 'team:'
const USER = 'user:'

/** Reads a stream's state: in a transaction, or outside of any. */
type Load = <S, Event extends DomainEvent>(
  category: Category<never, S, Event, unknown>,
  id: string,
) => Promise<S>

const teamsOf = async (id: string, members: Members, load: Load): Promise<readonly string[]> => {
  if (members === 'everyone') return []
  const mine: string[] = []
  for (const member of members) {
    if (!member.startsWith(TEAM)) continue
    const team = await load(teams, member.slice(TEAM.length))
    if (team.situation === 'present' && team.members.has(id)) mine.push(member.slice(TEAM.length))
  }
  return mine
}

const accessOf = async (id: string, state: User, members: Members, load: Load): Promise<Access> =>
  accessTo({ id, state, teams: await teamsOf(id, members, load) }, members)

/** Whoever is not known here is not restricted, and nothing more is read. */
const isFree = (state: User): boolean => state.situation === 'unknown'

const toInbox = async (id: string, state: User, inbox: string, load: Load): Promise<Access> => {
  const members = inboxSettings(await load(inboxes, inbox))?.members ?? 'everyone'
  return accessOf(id, state, members, load)
}

/** The inboxes that a request is about, as far as it can be told. */
const inboxesOf = async (request: Request, { door, transaction }: Step): Promise<Set<string>> => {
  const found = new Set<string>()
  const named: readonly (string | undefined)[] = [
    'conversationId' in request ? request.conversationId : undefined,
    request.type === 'MergeInto' ? request.target : undefined,
  ]
  for (const id of named) {
    if (id === undefined) continue
    const state = await transaction.load(conversations, id)
    if (state.situation === 'present') found.add(state.inbox)
  }
  if (request.type === 'Compose' || (request.type === 'LogSentMail' && found.size === 0))
    found.add(request.inbox ?? door.inbox)
  if ('start' in request && request.start !== undefined) found.add(request.start.inbox)
  return found
}

/** Why somebody may not ask for this; undefined where they may. */
export const refusedTo = async (
  request: Request,
  step: Step,
): Promise<NoAccess | NotPermitted | undefined> => {
  if (!request.actor.startsWith(USER)) return undefined
  const id = request.actor.slice(USER.length)
  const load: Load = step.transaction.load
  const state = await load(users, id)
  if (isFree(state)) return undefined
  const changes = userChangedBy(request)
  const changed = changes === undefined ? undefined : await load(users, changes)
  const refused = notPermitted(request, id, state, changed)
  if (refused !== undefined) return refused
  for (const inbox of await inboxesOf(request, step)) {
    const access = await toInbox(id, state, inbox, load)
    if (access === 'none' || (access === 'look' && needsToAct(request, state)))
      return { type: 'NoAccess', inbox }
  }
  return undefined
}

const loadWith =
  (door: Door): Load =>
  (category, id) =>
    stateOf(door, category, id)

/** Why a viewer may not look into an inbox; undefined where they may, or nobody in particular looks. */
export const notToBeSeen = async (
  door: Door,
  viewer: string | undefined,
  inbox: string,
): Promise<NoAccess | undefined> => {
  if (viewer === undefined) return undefined
  const load = loadWith(door)
  const state = await load(users, viewer)
  return isFree(state) || (await toInbox(viewer, state, inbox, load)) !== 'none'
    ? undefined
    : { type: 'NoAccess', inbox }
}

/** The same of a conversation; what is not there, or gone, is nobody's to be kept from. */
export const conversationNotToBeSeen = async (
  door: Door,
  viewer: string | undefined,
  conversationId: string,
): Promise<NoAccess | undefined> => {
  if (viewer === undefined) return undefined
  const state = await stateOf(door, conversations, conversationId)
  return state.situation === 'present' ? notToBeSeen(door, viewer, state.inbox) : undefined
}

export interface SeenInbox {
  readonly row: InboxRow
  readonly access: Exclude<Access, 'none'>
}

/** The next of the account's inboxes, by id. */
const nextInboxes = async (door: Door, limit: number, after?: RowQuery['after']) => {
  const found = await answer(
    door.adapters.readModels.find(inboxTable, {
      where: filters.is('account', door.account),
      order: { column: 'id', direction: 'ascending' },
      limit,
      after,
    }),
  )
  return found.map(({ key, row }) => ({ key, row: row as unknown as InboxRow }))
}

const AT_ONCE = 1_000

/** Those of the account's inboxes that a viewer may look into, by id. */
export const inboxesSeen = async (
  door: Door,
  viewer: string | undefined,
): Promise<readonly SeenInbox[]> => {
  const load = loadWith(door)
  const state = viewer === undefined ? undefined : await load(users, viewer)
  const seen: SeenInbox[] = []
  for (let after: RowQuery['after']; ;) {
    const found = await nextInboxes(door, AT_ONCE, after)
    for (const { row } of found) {
      const access =
        viewer === undefined || state === undefined
          ? 'act'
          : await accessOf(viewer, state, row.members, load)
      if (access !== 'none') seen.push({ row, access })
    }
    const last = found.at(-1)
    if (last === undefined || found.length < AT_ONCE) return seen
    after = { value: last.row.id, key: last.key }
  }
}

/** Enough for a list that is read inbox by inbox; where there are more, it is not worth it. */
const FEW = 32

/** For a list of the whole account, where no inbox is asked for: those that there are (`known`). */
export const inboxesKnown = async (
  door: Door,
  asked: string | readonly string[] | undefined,
): Promise<readonly string[] | undefined> => {
  if (asked !== undefined) return undefined
  const found = await nextInboxes(door, FEW)
  return found.length < FEW ? found.map(({ row }) => row.id) : undefined
}

/**
 * The part of an account that a viewer may look into, of the part that is asked for: undefined is the
 * whole account. A Left names an inbox that was asked for by name.
 */
export const scopeSeen = async <Asked extends string | readonly string[]>(
  door: Door,
  viewer: string | undefined,
  asked: Asked | undefined,
): Promise<E.Either<NoAccess, Asked | readonly string[] | undefined>> => {
  if (viewer === undefined || isFree(await stateOf(door, users, viewer))) return E.right(asked)
  if (asked === undefined)
    return E.right((await inboxesSeen(door, viewer)).map(({ row }) => row.id))
  for (const inbox of typeof asked === 'string' ? [asked] : asked) {
    const unseen = await notToBeSeen(door, viewer, inbox)
    if (unseen !== undefined) return E.left(unseen)
  }
  return E.right(asked)
}
