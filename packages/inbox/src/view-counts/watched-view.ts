/** What is watched for a custom view, as data. */
import { createHash } from 'node:crypto'
import { dependsOnViewerOrTime } from '@threadbook/core'
import { customViewQuery, listFilter, type CustomViewRow } from '@threadbook/projection-views'
import { BoundedMap, type Filter, type WatchedFilter } from '@threadbook/sourcing'

/** What a view's filters are called begins with this; what follows differs with what it lists. */
const watchedPrefix = (viewId: string): string => `view/${viewId}/`

/** The view that a filter is watched for. */
export const viewOfWatched = (name: string): string | undefined =>
  /^view\/(.*)\/[^/]+$/su.exec(name)?.[1]

const HASH_LENGTH = 22

const EPOCH = '1970-01-01T00:00:00.000Z'

/** All that it lists, in whichever inbox and status. */
const whereOf = (view: CustomViewRow): Filter =>
  // No moment is in it: what depends on one is not watched.
  listFilter(customViewQuery(view, { inboxes: undefined, viewer: undefined, now: EPOCH }))

type Made = WatchedFilter | 'onDemand'

const MOST_MADE = 1_000
const made = new BoundedMap<string, Made>(MOST_MADE)

/** Undefined for one whose number depends on who looks, or when: nobody can count it ahead. */
export const watchedFilter = (viewId: string, view: CustomViewRow): WatchedFilter | undefined => {
  const { account, filter, zone } = view
  const key = JSON.stringify([account, viewId, zone, filter])
  let known = made.get(key)
  if (known === undefined) {
    if (dependsOnViewerOrTime(filter)) known = 'onDemand'
    else {
      const where = whereOf(view)
      const hash = createHash('sha256').update(JSON.stringify(where)).digest('base64url')
      known = {
        name: watchedPrefix(viewId) + hash.slice(0, HASH_LENGTH),
        of: account,
        where,
      }
    }
    made.set(key, known)
  }
  return known === 'onDemand' ? undefined : known
}
