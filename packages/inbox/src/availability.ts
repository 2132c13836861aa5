/** Whether somebody of the team is there, for the team and for a visitor (S-098…S-100). */
import {
  availabilityAt,
  availabilityFor,
  conversations,
  nextAvailability,
  user,
  users,
  type Availability,
} from '@threadbook/core'
import type { CommandFault, IsoTime } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'
import { answering } from './fault.js'
import { stateOf } from './state-of.js'

export interface ShownAvailability {
  readonly availability: Availability
  /** As the visitor of the conversation sees it, or a new one where none was named (S-100). */
  readonly toVisitor: Availability
  /** When it changes next by itself; null where it does not within a year. */
  readonly next: { readonly at: IsoTime; readonly availability: Availability } | null
}

export interface AvailabilityRequest {
  readonly conversationId?: string | undefined
}

export const readAvailability = (
  door: Door,
  userId: string,
  { conversationId }: AvailabilityRequest = {},
): Promise<E.Either<CommandFault, ShownAvailability>> =>
  answering(async () => {
    const state = await stateOf(door, users, userId)
    const now = door.now()
    const chat =
      conversationId === undefined ? undefined : await stateOf(door, conversations, conversationId)
    const open =
      chat?.situation === 'present'
        ? { owner: chat.owner, open: chat.closed === undefined && chat.trashed === undefined }
        : undefined
    return E.right({
      availability: availabilityAt(state, now),
      toVisitor: availabilityFor(state, user(userId), now, open),
      next: nextAvailability(state, now) ?? null,
    })
  })
