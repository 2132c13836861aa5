/** The custom views there are: who sees each, and what it lists. */
import type { ConversationFilter, customViews, ViewSort, ViewVisibility } from '@threadbook/core'
import { remove, type EventsOf, type IsoTime, type Projection } from '@threadbook/sourcing'
import { hiddenByDefault, type ListQuery } from './list-query.js'
import type { Status } from './views.js'

type ViewEvent = EventsOf<(typeof customViews)['events']>

export type CustomViewRow = {
  readonly account: string
  /** The actor who made it. */
  readonly owner: string
  readonly name: string
  readonly visibleTo: ViewVisibility['to']
  readonly team: string | null
  readonly filter: ConversationFilter
  readonly sort: ViewSort
  /** The zone whose days its filter means. */
  readonly zone: string
}

const visibleTo = (visibility: ViewVisibility) => ({
  visibleTo: visibility.to,
  team: visibility.to === 'team' ? visibility.team : null,
})

export const customViewRows: Projection<CustomViewRow, ViewEvent> = {
  name: 'customViews',
  version: 1,
  table: {
    name: 'custom_views',
    columns: { account: 'text', owner: 'text', name: 'text', visibleTo: 'text', team: 'text' },
    indexes: [{ name: 'by_name', columns: ['account', 'name'] }],
  },
  categories: ['view'],
  on: {
    ViewCreated: (_, { data, metadata }) => {
      const { name, visibility, filter, sort, zone } = data
      return {
        account: metadata.account,
        owner: metadata.actor,
        name,
        filter,
        sort,
        zone,
        ...visibleTo(visibility),
      }
    },
    ViewChanged: (row, { data: { visibility, ...rest } }) => {
      if (row === undefined) return
      Object.assign(row, rest, visibility === undefined ? {} : visibleTo(visibility))
    },
    ViewDeleted: () => remove,
  },
}

/** Whether somebody sees a view: it is for all, or theirs; of a team's it is the team that decides. */
export const seenBy = (
  { owner, visibleTo, team }: CustomViewRow,
  viewer: string | undefined,
): boolean | { readonly team: string } => {
  if (visibleTo === 'account' || (viewer !== undefined && owner === `user:${viewer}`)) return true
  return visibleTo === 'team' && team !== null && { team }
}

/** What a custom view lists for whoever looks, now. */
export const customViewQuery = (
  { account, filter, zone }: CustomViewRow,
  {
    status = 'any',
    ...who
  }: {
    readonly inboxes: readonly string[] | undefined
    readonly status?: Status | undefined
    readonly viewer: string | undefined
    readonly now: IsoTime
  },
): ListQuery => ({
  account,
  zone,
  filter:
    status === 'any'
      ? filter
      : { and: [filter, { attribute: 'status', operator: 'is', value: status }] },
  ...hiddenByDefault(filter),
  ...who,
})
