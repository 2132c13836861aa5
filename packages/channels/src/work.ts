/** What intake works on, and what it answers. */
import type {
  Channel,
  ConversationRefusal,
  InboxNotReady,
  InboxSettings,
  InvalidCommand,
  SpamCause,
} from '@threadbook/core'
import type { CommandFault, IsoTime } from '@threadbook/sourcing'
import type * as E from 'fp-ts/lib/Either.js'
import type { Content } from './content.js'
import type { Asking, Sender } from './people.js'

/** What every channel's message is made of. */
export interface Incoming {
  readonly channel: Channel
  /** `outgoing`: the team's own, made elsewhere and written down here. */
  readonly direction: 'incoming' | 'outgoing'
  /** The sender's own id for it: once in an inbox. */
  readonly sourceId: string
  readonly sender: Sender
  readonly content: Content
  readonly at: IsoTime | undefined
  /**
   * `sender`: it goes on where the sender's last one is. `fresh`: it begins a conversation, where
   * the sender's next go on. `each`: it begins one, and the next does so too.
   */
  readonly threading: 'sender' | 'fresh' | 'each'
  /** Takes over what the message begins: nobody is looked for in between (K-14). */
  readonly chatflow?: { readonly id: string; readonly name: string } | undefined
}

/** No channel of this kind is connected to the inbox (S-002). */
export interface ChannelNotConnected {
  readonly type: 'ChannelNotConnected'
  readonly channel: Channel
}

export interface TakenIn {
  /** `duplicate`: it came before, and is where it is. `blocked`: kept, and shown to nobody (D-08). */
  readonly outcome: 'received' | 'duplicate' | 'blocked'
  readonly conversationId: string
  readonly messageId: string
  /** Why it was filtered, where it was. */
  readonly spam?: SpamCause
}

export type ChannelRefusal =
  InvalidCommand | InboxNotReady | ChannelNotConnected | ConversationRefusal

export type TakeIn = Promise<E.Either<ChannelRefusal | CommandFault, TakenIn>>

export interface Work extends Asking {
  readonly incoming: Incoming
  readonly settings: InboxSettings
}

/** Where its claim says that it was begun, or is. */
export interface Before {
  readonly conversation: string
  readonly messageId: string
}
