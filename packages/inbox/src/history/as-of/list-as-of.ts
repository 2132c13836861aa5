/** A page of a view as it was: as a list made then would have shown it to whoever may look now. */
import { dependsOnViewerOrTime, type NoAccess } from '@threadbook/core'
import {
  customViewQuery,
  exactly,
  listQuery,
  pageQuery,
  pastList,
  placeInCursor,
  type ConversationPage,
  type CustomViewRow,
  type InvalidQuery,
  type ViewKey,
} from '@threadbook/projection-views'
import { Faulted, type IsoTime, type Position } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { isSeen, type NoSuchView } from '../../custom-views.js'
import type { Door } from '../../door.js'
import { answer } from '../../fault.js'
import { itemsOf, rows, type ListPage } from '../../list-items.js'
import type { ListRequest, ScopedListRequest } from '../../list-request.js'
import { scoped } from '../../scoped.js'
import { readList } from '../../search/read-list.js'
import { inboxesOf } from '../../search/request.js'
import { viewMoments } from '../moments.js'
import { isBefore, slicesOf, type Place } from './log-slices.js'
import { usualDistance, type Making } from './making.js'
import { forgetAsOf, openAsOf } from './open-as-of.js'
import { readThen } from './read-then.js'
import { checkAsOf, thenOf, type AsOf, type Then } from './request.js'
import { BaseMoved, type RowsAsOf } from './rows-as-of.js'
import { seenNow, withHidden } from './seen-now.js'
import { placeOfTime, timeOfPlace } from './times.js'

type View = ViewKey | { readonly view: string }
type Refusal = InvalidQuery | NoSuchView | NoAccess
type Find = RowsAsOf['find']
type PastRequest = ListRequest & { readonly asOf: AsOf }

const LIMIT = 50

/** A place that the log has not come to yet is its end. */
const withinLog = async (door: Door, place: Position, live: Place): Promise<Place> => {
  if (isBefore(place, live)) return place
  let end = live
  for await (const { position } of slicesOf(door, live)) end = position
  return isBefore(place, end) ? place : end
}

const placeOf = async (
  door: Door,
  { asOf, after }: PastRequest,
  making: Making,
): Promise<E.Either<InvalidQuery, Place>> => {
  const live = await answer(door.adapters.readModels.checkpoint(rows))
  const checked = checkAsOf(asOf, live)
  if (E.isLeft(checked)) return checked
  const carried = after === undefined ? undefined : placeInCursor(after)
  if ('position' in asOf) return E.right(await withinLog(door, asOf.position as Position, live))
  if (carried === undefined) return E.right(await placeOfTime(door, asOf.at, making))
  return E.map(() => carried as Position)(checkAsOf({ position: carried }, live))
}

/** A custom view as it was defined then, where its viewer sees it: of a deleted one, saw it last. */
const formAt = async (
  door: Door,
  view: string,
  then: Then,
  request: ScopedListRequest,
): Promise<E.Either<NoSuchView, CustomViewRow>> => {
  const moments = view === '' ? [] : await viewMoments(door, view)
  const last = moments.findLast(({ row }) => row !== undefined)?.row
  const form = moments.findLast(({ event }) => then.includes(event))?.row
  return last !== undefined && form !== undefined && (await isSeen(door, last, request))
    ? E.right(form)
    : E.left({ type: 'NoSuchView', view })
}

/** The days that a filter means are counted back from the moment that is asked about. */
const nowThen = async (
  door: Door,
  { filter }: CustomViewRow,
  asOf: AsOf,
  place: Place,
  making: Making,
): Promise<IsoTime> => {
  if ('at' in asOf) return asOf.at
  const matters = place !== undefined && dependsOnViewerOrTime(filter)
  return (matters ? await timeOfPlace(door, place, making) : undefined) ?? door.now()
}

const nothing: Find = () => Promise.resolve([])

type ReadPage = (find: Find) => Promise<E.Either<InvalidQuery, ConversationPage>>

/** How a page is read, once it is known from where. */
const reading = async (
  door: Door,
  view: View,
  request: PastRequest,
  then: Then,
  making: Making,
): Promise<E.Either<Refusal, ReadPage>> => {
  const { place } = then
  const scope = await scoped(door, request)
  if (E.isLeft(scope)) return scope
  const past = (name: string) => pastList(name, place ?? '')
  if (typeof view === 'string') {
    const query = pageQuery(view, scope.right, past(view))
    if (E.isLeft(query)) return query
    const { queries, page } = query.right
    return E.right(async (find) => E.right(page(await Promise.all(queries.map(find)))))
  }
  const { inbox = 'all', teams, viewer, status, sort, after, limit = LIMIT } = scope.right
  const form = await formAt(door, view.view, then, { viewer, teams })
  if (E.isLeft(form)) return form
  const now = await nowThen(door, form.right, request.asOf, place, making)
  const query = customViewQuery(form.right, {
    inboxes: inboxesOf(door, inbox),
    status,
    viewer,
    now,
  })
  const name = past(`view ${view.view}`)
  return E.right((find) =>
    readList(door, {
      plan: (from) => listQuery(name, query, form.right.sort, { sort, after: from, limit }),
      find,
      passes: exactly(query),
      viewer,
      readOf: readThen(then),
      after,
      limit,
    }),
  )
}

const MOST_ATTEMPTS = 4

const readAt = async (
  door: Door,
  position: Position,
  viewer: string | undefined,
  read: ReadPage,
  making: Making,
): Promise<E.Either<InvalidQuery, ConversationPage>> => {
  for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts++)
    try {
      return await read(await seenNow(door, viewer, await openAsOf(door, position, making)))
    } catch (error) {
      if (!(error instanceof BaseMoved)) throw error
      forgetAsOf(door, position)
    }
  throw new Faulted({ type: 'Unavailable', reason: 'others keep moving the snapshots' })
}

export const listAsOf = async (
  door: Door,
  view: View,
  request: PastRequest,
  atMost = usualDistance,
): Promise<E.Either<Refusal, ListPage>> => {
  const { signal, onProgress } = request.asOf
  const making: Making = { signal, onProgress, atMost }
  // Nobody waits for a snapshot to hear that the question makes no sense.
  if (typeof view === 'string') {
    const { viewer, status, sort, limit } = request
    const sensible = pageQuery(view, { account: door.account, viewer, status, sort, limit })
    if (E.isLeft(sensible)) return sensible
  }
  const place = await placeOf(door, request, making)
  if (E.isLeft(place)) return place
  const then = thenOf(request.asOf, place.right)
  const read = await reading(door, view, request, then, making)
  if (E.isLeft(read)) return read
  const page =
    place.right === undefined
      ? await read.right(nothing)
      : await readAt(door, place.right, request.viewer, read.right, making)
  if (E.isLeft(page)) return page
  const { rows: found, next } = page.right
  const shown = await withHidden(door, found)
  const items = await itemsOf(door, shown, request.viewer, readThen(then))
  return E.right({ items, ...(next !== undefined && { next }) })
}
