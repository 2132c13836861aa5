/** What a team's stream holds: who is in it. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

const TeamCreated = event('TeamCreated', { name: t.string })
const TeamRenamed = event('TeamRenamed', { name: t.string })
/** The user's id. */
const TeamMemberAdded = event('TeamMemberAdded', { user: t.string })
const TeamMemberRemoved = event('TeamMemberRemoved', { user: t.string })
/** Its conversations become unassigned. */
const TeamDeleted = event('TeamDeleted', {})

export const teamEvents = eventTypes(
  TeamCreated,
  TeamRenamed,
  TeamMemberAdded,
  TeamMemberRemoved,
  TeamDeleted,
)
export type TeamEvent = EventsOf<typeof teamEvents>
