import { accept, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { About, SenderPolicyCommand } from './commands.js'
import type { SenderPolicyEvent } from './events.js'
import type { SenderPolicy } from './state.js'

type Answer = Decision<never, SenderPolicyEvent>

const aboutOf = ({ kind, scope, sender, key }: About, state: SenderPolicy) => ({
  key: state.key ?? key,
  kind,
  scope,
  sender,
})

/** Nothing is ever refused: whatever was said before, the last word counts (D-08). */
export const decide = (command: Stamped<SenderPolicyCommand>, state: SenderPolicy): Answer => {
  const { standing } = state
  switch (command.type) {
    case 'BlockSender': {
      if (standing === 'blocked') return accept()
      const { conversation } = command
      const data = {
        ...aboutOf(command, state),
        ...(conversation !== undefined && { conversation }),
      }
      return accept({ type: 'SenderBlocked', data })
    }
    case 'AllowSender':
      return standing === 'allowed'
        ? accept()
        : accept({ type: 'SenderAllowed', data: aboutOf(command, state) })
    case 'DenySender':
      return standing === 'denied'
        ? accept()
        : accept({ type: 'SenderDenied', data: aboutOf(command, state) })
    case 'UnblockSender':
      return standing === 'blocked' ? accept({ type: 'SenderUnblocked', data: {} }) : accept()
    case 'ClearSender':
      return standing === undefined ? accept() : accept({ type: 'SenderCleared', data: {} })
    case 'ForgetSender':
      return state.key === undefined
        ? accept()
        : accept({ type: 'SenderForgotten', data: { keys: [state.key] } })
  }
}
