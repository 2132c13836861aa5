/** Who is in which team: for Assigned to me with what a viewer's teams own (D-04). */
import type { teams } from '@threadbook/core'
import {
  filters,
  remove,
  streamId,
  type EventsOf,
  type Projection,
  type RowQuery,
} from '@threadbook/sourcing'

type TeamEvent = EventsOf<(typeof teams)['events']>

export type TeamRow = {
  readonly account: string
  readonly id: string
  /** Ids of users. */
  readonly members: readonly string[]
}

/** Teams of two accounts may be called the same. */
const teamKey = (account: string, id: string): string => `${account}/${id}`

export const teamRows: Projection<TeamRow, TeamEvent> = {
  name: 'teams',
  version: 1,
  table: {
    name: 'teams',
    columns: { account: 'text', id: 'text', members: 'texts' },
    indexes: [{ name: 'by_account', columns: ['account', 'id'] }],
  },
  categories: ['team'],
  keys: ({ stream, metadata }) => [teamKey(metadata.account, streamId(stream))],
  on: {
    TeamCreated: (_, { stream, metadata }) => ({
      account: metadata.account,
      id: streamId(stream),
      members: [],
    }),
    TeamMemberAdded: (row, { data }) => {
      if (row !== undefined) row.members = [...new Set([...row.members, data.user])]
    },
    TeamMemberRemoved: (row, { data }) => {
      if (row !== undefined) row.members = row.members.filter((each) => each !== data.user)
    },
    TeamDeleted: () => remove,
  },
}

/** The teams that a user is in, by their ids. */
export const teamsOfUser = (account: string, user: string, limit: number): RowQuery => ({
  where: filters.and(filters.is('account', account), filters.has('members', user)),
  order: { column: 'id', direction: 'ascending' },
  limit,
})
