/** What the stream of one reaction holds: the events that it could not handle. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

/** Where the event is that broke; the reaction went on without it. */
const EventParked = event('EventParked', {
  stream: t.string,
  revision: t.number,
  /** The kind of error, never its text: that may tell of people. */
  problem: t.string,
})
/** It was handled after all. */
const EventUnparked = event('EventUnparked', { stream: t.string, revision: t.number })

export const parkingEvents = eventTypes(EventParked, EventUnparked)
export type ParkingEvent = EventsOf<typeof parkingEvents>
