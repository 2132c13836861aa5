/** What can be asked of a conversation, and how it may be refused. */
import type { IsoTime, KeyId, Sealed } from '@threadbook/sourcing'
import type { Actor, Channel, MailClass, Owner, SpamCause } from '../vocabulary.js'
import type { Attachment, Content, Correspondent } from './events.js'

/** On every command. */
export interface Asked {
  readonly actor: Actor
  /** The same id again means the same command again: it is answered as the first time. */
  readonly commandId?: string
  /** When it happened, where that is not now; later than now counts as now. */
  readonly at?: IsoTime
}

interface OnConversation extends Asked {
  readonly conversationId: string
}

export interface Message {
  readonly messageId: string
  readonly channel: Channel
  readonly preview: Sealed<string>
  readonly content: Sealed<Content>
  readonly attachments: readonly Attachment[]
  readonly subject?: Sealed<string>
  readonly body?: string
  readonly claims?: readonly string[]
}

/** Needed where the message is the conversation's first. */
export interface Start {
  readonly inbox: string
  readonly key: KeyId
  readonly contact?: string
  readonly continues?: string
}

export interface ReceiveMessage extends OnConversation {
  readonly type: 'ReceiveMessage'
  readonly start?: Start
  readonly message: Message
  readonly from: Correspondent
  readonly mailClass: MailClass
  /** The verdict of the spam rules on this message. */
  readonly spam?: SpamCause
}

export interface SendMessage extends OnConversation {
  readonly type: 'SendMessage'
  readonly start?: Start
  readonly kind: 'reply' | 'composed' | 'logged' | 'bot'
  readonly message: Message
  readonly to: readonly Correspondent[]
}

export interface FailDelivery extends OnConversation {
  readonly type: 'FailDelivery'
  readonly messageId: string
  readonly reason: Sealed<string>
}

export interface AddComment extends OnConversation {
  readonly type: 'AddComment'
  readonly commentId: string
  readonly preview: Sealed<string>
  readonly text: Sealed<string>
  readonly mentions: readonly string[]
}

export interface Assign extends OnConversation {
  readonly type: 'Assign'
  readonly owner: Owner
  readonly facts: { readonly ownerSituation: 'unknown' | 'active' | 'deactivated' | 'removed' }
}
export interface Unassign extends OnConversation {
  readonly type: 'Unassign'
}
export interface TakeOverByBot extends OnConversation {
  readonly type: 'TakeOverByBot'
  readonly chatflowId: string
  readonly chatflowName: string
}
export interface HandOff extends OnConversation {
  readonly type: 'HandOff'
  /** Left out: to nobody in particular. */
  readonly owner?: Owner
}

export interface Close extends OnConversation {
  readonly type: 'Close'
}
export interface Reopen extends OnConversation {
  readonly type: 'Reopen'
}
export interface Snooze extends OnConversation {
  readonly type: 'Snooze'
  readonly until: IsoTime
}
export interface Wake extends OnConversation {
  readonly type: 'Wake'
}

export interface Trash extends OnConversation {
  readonly type: 'Trash'
}
export interface Restore extends OnConversation {
  readonly type: 'Restore'
}
export interface PlaceHold extends OnConversation {
  readonly type: 'PlaceHold'
  readonly reason: Sealed<string>
}
export interface ReleaseHold extends OnConversation {
  readonly type: 'ReleaseHold'
}
/** For good. By a person from Trash only; by `system` when a clock ran out or a person is erased. */
export interface Purge extends OnConversation {
  readonly type: 'Purge'
}

export interface MarkAsSpam extends OnConversation {
  readonly type: 'MarkAsSpam'
  readonly cause?: SpamCause
}
/** The contact is created before (D-29) and named here. */
export interface UnmarkAsSpam extends OnConversation {
  readonly type: 'UnmarkAsSpam'
  readonly contact?: string
}

export interface HideMessage extends OnConversation {
  readonly type: 'HideMessage'
  readonly messageId: string
  readonly facts: { readonly edition: 'free' | 'starter' | 'professional' | 'enterprise' }
}
export interface UnhideMessage extends OnConversation {
  readonly type: 'UnhideMessage'
  readonly messageId: string
  readonly facts: { readonly superAdmin: boolean; readonly removed: boolean }
}

export interface MergeInto extends OnConversation {
  readonly type: 'MergeInto'
  readonly target: string
}
export interface ContinueIn extends OnConversation {
  readonly type: 'ContinueIn'
  readonly conversation: string
}
export interface AssociateContact extends OnConversation {
  readonly type: 'AssociateContact'
  readonly contact: string
}
export interface DisassociateContact extends OnConversation {
  readonly type: 'DisassociateContact'
}

export type ConversationCommand =
  | ReceiveMessage
  | SendMessage
  | FailDelivery
  | AddComment
  | Assign
  | Unassign
  | TakeOverByBot
  | HandOff
  | Close
  | Reopen
  | Snooze
  | Wake
  | Trash
  | Restore
  | PlaceHold
  | ReleaseHold
  | Purge
  | MarkAsSpam
  | UnmarkAsSpam
  | HideMessage
  | UnhideMessage
  | MergeInto
  | ContinueIn
  | AssociateContact
  | DisassociateContact

export type ConversationRefusal =
  | { readonly type: 'NoSuchConversation'; readonly situation: 'absent' | 'purged' }
  /** What comes for it goes to `target`. */
  | { readonly type: 'ConversationMerged'; readonly target: string }
  | { readonly type: 'ConversationInTrash' }
  /** Only from Trash (D-15). */
  | { readonly type: 'ConversationNotInTrash' }
  | { readonly type: 'ConversationOnHold' }
  | { readonly type: 'ConversationIsSpam' }
  /** S-087: until the visitor was quiet for 30 minutes, counted to `closableFrom`. */
  | { readonly type: 'BotStillTalking'; readonly closableFrom: IsoTime }
  | { readonly type: 'NoSuchMessage'; readonly messageId: string }
  | { readonly type: 'NotAllowedToUnhide'; readonly hiddenBy: string }
  | { readonly type: 'OwnerRemoved'; readonly owner: Owner }
  | { readonly type: 'NeedsEdition'; readonly capability: string; readonly edition: string }
  | { readonly type: 'NotYet'; readonly field: string; readonly expected: string }
  | {
      readonly type: 'InvalidCommand'
      readonly field: string
      readonly expected: string
      readonly found: string
    }
