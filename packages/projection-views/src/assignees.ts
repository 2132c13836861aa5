/** Whom conversations may belong to: users, teams, and bots by their chatflow's name (S-013…S-015). */
import type { conversations, teams, UserSituation, users } from '@threadbook/core'
import {
  copySealed,
  streamCategory,
  streamId,
  type EventsOf,
  type Projection,
  type RecordedEvent,
  type SealedCopy,
} from '@threadbook/sourcing'

type AssigneeEvent =
  | EventsOf<(typeof users)['events']>
  | EventsOf<(typeof teams)['events']>
  | Extract<EventsOf<(typeof conversations)['events']>, { readonly type: 'BotTookOver' }>

export type AssigneeRow = {
  readonly account: string
  readonly kind: 'user' | 'team' | 'bot'
  /** A bot's is its chatflow's name. */
  readonly id: string
  /** Users' names are sealed; null where none was told. */
  readonly name: string | SealedCopy<string> | null
  /** A team that was deleted is removed. */
  readonly situation: Exclude<UserSituation, 'unknown'>
}

const idOf = (event: RecordedEvent<AssigneeEvent>): string =>
  event.type === 'BotTookOver' ? event.data.chatflowName : streamId(event.stream)

const kindOf = ({ stream }: RecordedEvent): AssigneeRow['kind'] => {
  const category = streamCategory(stream)
  return category === 'user' || category === 'team' ? category : 'bot'
}

const rowOf = (event: RecordedEvent<AssigneeEvent>): AssigneeRow => ({
  account: event.metadata.account,
  kind: kindOf(event),
  id: idOf(event),
  name: null,
  situation: 'active',
})

/** Whoever is given roles is known from then on, and was perhaps the host's before. */
const known = (row: object | undefined, event: RecordedEvent<AssigneeEvent>) =>
  row === undefined ? rowOf(event) : undefined

export const assigneeRows: Projection<AssigneeRow, AssigneeEvent> = {
  name: 'assignees',
  version: 1,
  table: {
    name: 'assignees',
    columns: { account: 'text', kind: 'text', id: 'text', situation: 'text' },
    indexes: [{ name: 'by_account', columns: ['account', 'id'] }],
  },
  categories: ['user', 'team', 'conversation'],
  keys: (event) => [`${event.metadata.account}/${kindOf(event)}/${idOf(event)}`],
  on: {
    UserAdded: (row, event) => {
      const { id, data } = event
      const name = data.name && copySealed(data.name, id, 'name')
      return {
        ...rowOf(event),
        name: name ?? (row?.name as AssigneeRow['name'] | undefined) ?? null,
      }
    },
    RolesChanged: known,
    PermissionsChanged: known,
    UserDeactivated: (row, event) => ({ ...(row ?? rowOf(event)), situation: 'deactivated' }),
    UserReactivated: (row, event) => ({ ...(row ?? rowOf(event)), situation: 'active' }),
    UserRemoved: (row, event) => ({ ...(row ?? rowOf(event)), situation: 'removed' }),
    TeamCreated: (_, event) => ({ ...rowOf(event), name: event.data.name }),
    TeamRenamed: (row, { data }) => {
      if (row !== undefined) row.name = data.name
    },
    TeamDeleted: (row) => {
      if (row !== undefined) row.situation = 'removed'
    },
    BotTookOver: (row, event) =>
      row === undefined ? { ...rowOf(event), name: event.data.chatflowName } : undefined,
  },
}
