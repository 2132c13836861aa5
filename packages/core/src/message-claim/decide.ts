import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type {
  Arrive,
  Claim,
  MarkPurged,
  MessageClaimCommand,
  MessageClaimRefusal,
} from './commands.js'
import type { MessageClaimEvent } from './events.js'
import { leadsTo, mayTakeOver, type MessageClaim } from './state.js'

type Answer = Decision<MessageClaimRefusal, MessageClaimEvent>

const held = (conversation: string): Answer => refuse({ type: 'MessageIdHeld', conversation })

const mayHave = ({ conversation, weakly, insteadOf }: Claim | Arrive, state: MessageClaim) => {
  const holder = leadsTo(state)
  return (
    holder === conversation ||
    (holder !== undefined && holder === insteadOf) ||
    mayTakeOver(state, weakly)
  )
}

/** Filtered mail does not weaken what its conversation already holds. */
const staysStrong = ({ conversation, weakly }: Claim | Arrive, state: MessageClaim): boolean =>
  !weakly || (leadsTo(state) === conversation && state.situation === 'claimed' && !state.weakly)

const claim = (command: Claim, state: MessageClaim): Answer => {
  const { conversation, weakly } = command
  if (state.situation === 'unclaimed')
    return accept({ type: 'MessageIdClaimed', data: { conversation, weakly } })
  if (!mayHave(command, state)) return held(state.conversation)
  if (leadsTo(state) === conversation && (weakly || !state.weakly)) return accept()
  return accept({ type: 'MessageIdTakenOver', data: { conversation, ...(weakly && { weakly }) } })
}

const arrive = (command: Arrive, state: MessageClaim): Answer => {
  const { conversation, messageId } = command
  if (state.situation === 'claimed') {
    const { received } = state
    if (received?.messageId === messageId && received.conversation === conversation) return accept()
    if (received !== undefined) return refuse({ type: 'DuplicateMessage', ...received })
    if (!mayHave(command, state)) return held(state.conversation)
  }
  const strength = staysStrong(command, state) ? {} : { weakly: true as const }
  return accept({ type: 'MessageIdReceived', data: { conversation, messageId, ...strength } })
}

const markPurged = ({ conversation }: MarkPurged, state: MessageClaim): Answer =>
  leadsTo(state) === conversation ? accept({ type: 'MessageIdPurged', data: {} }) : accept()

export const decide = (command: Stamped<MessageClaimCommand>, state: MessageClaim): Answer => {
  switch (command.type) {
    case 'Claim':
      return claim(command, state)
    case 'Arrive':
      return arrive(command, state)
    case 'MarkPurged':
      return markPurged(command, state)
  }
}
