import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { IdentityClaimCommand, IdentityClaimRefusal } from './commands.js'
import type { IdentityClaimEvent } from './events.js'
import type { IdentityClaim } from './state.js'

export const decide = (
  command: Stamped<IdentityClaimCommand>,
  state: IdentityClaim,
): Decision<IdentityClaimRefusal, IdentityClaimEvent> => {
  const { contact } = command
  const holder = state.situation === 'claimed' ? state.contact : undefined
  switch (command.type) {
    case 'ClaimIdentity':
      if (holder === contact) return accept()
      if (holder !== undefined) return refuse({ type: 'IdentityTaken', contact: holder })
      return accept({ type: 'IdentityClaimed', data: { contact } })
    case 'ReleaseIdentity':
      return holder === contact ? accept({ type: 'IdentityReleased', data: {} }) : accept()
  }
}
