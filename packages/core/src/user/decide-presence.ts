import { accept, refuse, type Decision } from '@threadbook/sourcing'
import { wrongHours } from '../hours/working-hours.js'
import type { Stamped } from '../request.js'
import { heldWord } from './availability.js'
import type { UserRefusal } from './commands.js'
import type { PresenceCommand, SetOutOfOffice } from './commands-presence.js'
import type { UserEvent } from './events.js'
import type { User } from './state.js'

type Answer = Decision<UserRefusal, UserEvent>
type Known = Exclude<User, { readonly situation: 'removed' }>

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const leave = ({ from, until }: SetOutOfOffice, { outOfOffice }: Known): Answer => {
  if (until <= from)
    return refuse({
      type: 'InvalidCommand',
      field: 'until',
      expected: `a time later than ${from}`,
      found: until,
    })
  return same(outOfOffice, { from, until })
    ? accept()
    : accept({ type: 'OutOfOfficeSet', data: { from, until } })
}

export const decidePresence = (command: Stamped<PresenceCommand>, state: Known): Answer => {
  switch (command.type) {
    case 'ChangeAvailability': {
      const { availability, at } = command
      // Said again, it holds anew: until the clock next has a say.
      return heldWord(state, at) === availability
        ? accept()
        : accept({ type: 'AvailabilityChanged', data: { availability } })
    }
    case 'ChangeWorkingHours': {
      const { hours } = command
      const wrong = hours && wrongHours(hours)
      if (wrong !== undefined) return refuse({ type: 'InvalidCommand', ...wrong })
      return same(hours, state.hours)
        ? accept()
        : accept({ type: 'WorkingHoursChanged', data: hours === undefined ? {} : { hours } })
    }
    case 'SetOutOfOffice':
      return leave(command, state)
    case 'ClearOutOfOffice':
      return state.outOfOffice === undefined
        ? accept()
        : accept({ type: 'OutOfOfficeCleared', data: {} })
    case 'ChangeCapacity': {
      const { conversations } = command
      return conversations === state.capacity
        ? accept()
        : accept({
            type: 'CapacityChanged',
            data: conversations === undefined ? {} : { conversations },
          })
    }
  }
}
