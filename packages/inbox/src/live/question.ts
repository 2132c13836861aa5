/** What a subscriber asks for, as it reads at a moment: the filter that rows pass, and what it hangs on. */
import { conditionsOf, type ConversationFilter, type NoAccess } from '@threadbook/core'
import {
  exactly,
  listedFilter,
  pageQuery,
  viewFilter,
  type InvalidQuery,
  type ViewKey,
} from '@threadbook/projection-views'
import { predicate, type Filter, type IsoTime, type Predicate } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { openCustomView, type NoSuchView } from '../custom-views.js'
import type { Door } from '../door.js'
import { scoped } from '../scoped.js'
import type { ReloadReason, SubscribeRequest } from './messages.js'

export interface Question {
  readonly filter: Filter
  /** Whether a row may be in it. */
  readonly holds: Predicate
  /** Asked of such a row, with what the viewer has to read in it; undefined: all of them are in it. */
  readonly exact: Predicate | undefined
  /** Its filter speaks of how long ago something was. */
  readonly timed: boolean
  /** Equal where the viewer may see the same, where the view means the same, at the same moment. */
  readonly access: string
  readonly view: string
  readonly moment: string
}

const MINUTE = 60_000

/** Spans of hours move with each minute here, not with each millisecond. */
const minuteOf = (time: IsoTime): IsoTime =>
  new Date(Math.floor(Date.parse(time) / MINUTE) * MINUTE).toISOString()

/** Milliseconds, until a filter that speaks of hours or days may mean another span. */
export const untilNextMinute = (time: IsoTime): number => MINUTE - (Date.parse(time) % MINUTE)

const speaksOfTime = (filter: ConversationFilter): boolean =>
  conditionsOf(filter).some(({ value }) => typeof value === 'object' && 'ago' in value)

type Refused = InvalidQuery | NoSuchView | NoAccess

export const openQuestion = async (
  door: Door,
  view: ViewKey | { readonly view: string },
  { viewer, teams, inbox, status }: SubscribeRequest,
): Promise<E.Either<Refused, Question>> => {
  const scope = await scoped(door, { viewer, teams, inbox, status })
  if (E.isLeft(scope)) return scope
  const access = JSON.stringify([scope.right.inbox ?? 'all', scope.right.teams])
  if (typeof view === 'string') {
    const query = pageQuery(view, scope.right)
    if (E.isLeft(query)) return query
    const filter = viewFilter(view, scope.right)
    const holds = predicate(filter)
    return E.right({ filter, holds, exact: undefined, timed: false, access, view, moment: '' })
  }
  const minute = { ...door, now: () => minuteOf(door.now()) }
  const its = { ...scope.right, inbox: scope.right.inbox ?? 'all' }
  const opened = await openCustomView(minute, view.view, its)
  if (E.isLeft(opened)) return opened
  const { query } = opened.right
  const filter = listedFilter(query)
  return E.right({
    filter,
    holds: predicate(filter),
    exact: exactly(query),
    timed: speaksOfTime(query.filter),
    access,
    view: JSON.stringify([query.filter, query.zone]),
    moment: JSON.stringify(filter),
  })
}

/** Why what was told of the one does not hold for the other; undefined where it does. */
export const differs = (before: Question, after: Question): ReloadReason | undefined => {
  if (before.access !== after.access) return 'accessChanged'
  if (before.view !== after.view) return 'viewChanged'
  return before.moment === after.moment ? undefined : 'timePassed'
}
