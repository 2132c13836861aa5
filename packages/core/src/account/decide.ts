import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type {
  AccountCommand,
  AccountRefusal,
  ChangeDisplayedProperties,
  OpenAccount,
} from './commands.js'
import type { AccountEvent } from './events.js'
import type { Account } from './state.js'

type Answer = Decision<AccountRefusal, AccountEvent>

const open = ({ createdOn, zone, edition }: OpenAccount, state: Account): Answer => {
  if (state.situation === 'absent')
    return accept({ type: 'AccountOpened', data: { createdOn, zone, edition } })
  return state.createdOn === createdOn && state.zone === zone
    ? accept()
    : refuse({ type: 'AccountExists' })
}

const display = (
  { place, properties }: ChangeDisplayedProperties,
  { displayed }: Extract<Account, { situation: 'open' }>,
): Answer => {
  const wanted = [...new Set(properties)]
  const same = JSON.stringify(displayed[place]) === JSON.stringify(wanted)
  return same
    ? accept()
    : accept({ type: 'DisplayedPropertiesChanged', data: { place, properties: wanted } })
}

export const decide = (command: Stamped<AccountCommand>, state: Account): Answer => {
  if (command.type === 'OpenAccount') return open(command, state)
  if (state.situation === 'absent') return refuse({ type: 'NoSuchAccount' })
  switch (command.type) {
    case 'ChangeEdition': {
      const { edition } = command
      return edition === state.edition
        ? accept()
        : accept({ type: 'EditionChanged', data: { edition } })
    }
    case 'ChangeRetention': {
      const { trashDays = state.retention.trashDays, spamDays = state.retention.spamDays } = command
      return trashDays === state.retention.trashDays && spamDays === state.retention.spamDays
        ? accept()
        : accept({ type: 'RetentionChanged', data: { trashDays, spamDays } })
    }
    case 'ChangeAccountPolicies': {
      const { mergeByReferences, handOverWhenAway } = command
      const data = {
        ...(mergeByReferences !== undefined &&
          mergeByReferences !== state.mergeByReferences && { mergeByReferences }),
        ...(handOverWhenAway !== undefined &&
          handOverWhenAway !== state.handOverWhenAway && { handOverWhenAway }),
      }
      return Object.keys(data).length === 0
        ? accept()
        : accept({ type: 'AccountPoliciesChanged', data })
    }
    case 'ChangeDisplayedProperties':
      return display(command, state)
  }
}
