/** The events that a reaction could not handle, one stream for each reaction of an account. */
import { accept, type Category, type StreamEvent } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { ParkingCommand } from './commands.js'
import { parkingEvents, type ParkingEvent } from './events.js'

export { parkEvent, parkingRequests, unparkEvent } from './commands.js'
export type { ParkingEvent } from './events.js'

export interface Parked {
  readonly stream: string
  readonly revision: number
  /** The kind of error, as `TypeError` or `MalformedEvent`. */
  readonly problem: string
}

/** In the order they were parked. */
export type Parking = ReadonlyMap<string, Parked>

const placeOf = ({ stream, revision }: Omit<Parked, 'problem'>): string =>
  `${stream}@${String(revision)}`

/** For the front door alone: nobody asks for it from outside, and nothing is refused. */
export const parkings: Category<Stamped<ParkingCommand>, Parking, ParkingEvent, never> = {
  category: 'parking',
  events: parkingEvents,
  initial: () => new Map(),
  evolve: (state, event: StreamEvent<ParkingEvent>) => {
    const parking = new Map(state)
    switch (event.type) {
      case 'EventParked':
        parking.set(placeOf(event.data), event.data)
        return parking
      case 'EventUnparked':
        parking.delete(placeOf(event.data))
        return parking
    }
  },
  decide: (command, state) => {
    const { stream, revision } = command
    const isParked = state.has(placeOf(command))
    switch (command.type) {
      case 'ParkEvent':
        return isParked
          ? accept()
          : accept({ type: 'EventParked', data: { stream, revision, problem: command.problem } })
      case 'UnparkEvent':
        return isParked ? accept({ type: 'EventUnparked', data: { stream, revision } }) : accept()
    }
  },
}
