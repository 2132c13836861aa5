/** What the stream of one user's work holds. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

const WorkTaken = event('WorkTaken', { conversation: t.string })
const WorkReleased = event('WorkReleased', { conversation: t.string })

export const workloadEvents = eventTypes(WorkTaken, WorkReleased)
export type WorkloadEvent = EventsOf<typeof workloadEvents>
