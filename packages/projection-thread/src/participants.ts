/** Who takes part besides the contact: those who wrote, and those whom the team added (K-17). */
import type { ConversationEvent } from '@threadbook/core'
import type { StreamEvent } from '@threadbook/sourcing'
import type { opening } from './entries.js'
import type { ShownPerson } from './linked.js'

export interface ShownParticipant extends ShownPerson {
  /** Names them, for removing. */
  readonly identity: string
}

/** In the order in which they joined. */
export const participantsOf = (
  events: readonly StreamEvent<ConversationEvent>[],
  open: ReturnType<typeof opening>,
): readonly ShownParticipant[] => {
  const found = new Map<string, ShownParticipant>()
  for (const event of events)
    if (event.type === 'ParticipantRemoved') found.delete(event.data.identity)
    else if (event.type === 'ParticipantAdded') {
      const { identity, contact, who } = event.data.participant
      const shown = open(event, who, 'participant.who')
      found.set(identity, { identity, contact: contact ?? null, who: shown })
    }
  return [...found.values()]
}
