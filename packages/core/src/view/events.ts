/** What a custom view's stream holds. Stored for ever: add fields, never rename or remove them. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { StoredFilter } from '../filter/types.js'

/** Who sees it: whoever made it, a team, or all of the account. */
export const ViewVisibility = t.union([
  t.type({ to: t.literal('me') }),
  t.type({ to: t.literal('team'), team: t.string }),
  t.type({ to: t.literal('account') }),
])
export type ViewVisibility = t.TypeOf<typeof ViewVisibility>

export const ViewSort = t.keyof(
  { newestFirst: null, oldestFirst: null, longestWaiting: null },
  'ViewSort',
)
export type ViewSort = t.TypeOf<typeof ViewSort>

/** In the team's own words, as inboxes and teams are named. */
const ViewCreated = event('ViewCreated', {
  name: t.string,
  visibility: ViewVisibility,
  filter: StoredFilter,
  sort: ViewSort,
  /** The IANA zone whose days its filter means, from then on. */
  zone: t.string,
})
/** What is left out stays as it is. */
const ViewChanged = event(
  'ViewChanged',
  {},
  { name: t.string, visibility: ViewVisibility, filter: StoredFilter, sort: ViewSort },
)
const ViewDeleted = event('ViewDeleted', {})

export const viewEvents = eventTypes(ViewCreated, ViewChanged, ViewDeleted)
export type ViewEvent = EventsOf<typeof viewEvents>
