/** The inboxes that a viewer may open (S-003), and what is missing before one can be used (S-002). */
import type { Channel, InboxNotReady } from '@threadbook/core'
import type { CommandFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { inboxesSeen } from './access.js'
import type { Door } from './door.js'
import { answering } from './fault.js'

export interface OpenableInbox {
  readonly id: string
  readonly name: string
  readonly channels: readonly { readonly channel: Channel; readonly address: string | null }[]
  /** Nothing can be received or sent until this is put right; null where nothing is missing. */
  readonly missing: InboxNotReady['type'] | null
  /** Admins look into any, and work only where they are members (K-15). */
  readonly mayAct: boolean
}

/** In the order of their ids. */
export const openableInboxes = (
  door: Door,
  viewer?: string,
): Promise<E.Either<CommandFault, readonly OpenableInbox[]>> =>
  answering(async () => {
    const seen = await inboxesSeen(door, viewer)
    return E.right(
      seen.map(({ row: { id, name, channels }, access }) => ({
        id,
        name,
        channels,
        missing: channels.length === 0 ? ('NoChannelConnected' as const) : null,
        mayAct: access === 'act',
      })),
    )
  })
