/** The custom views there are: who sees each, and what it lists. */
import type { ConversationFilter, customViews, ViewSort, ViewVisibility } from '@threadbook/core'
import { remove, type EventsOf, type Projection } from '@threadbook/sourcing'

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
