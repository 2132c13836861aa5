/** What the list knows of a conversation. */
import type { Channel, Owner, Person, PropertyValue, SpamCause } from '@threadbook/core'
import type { IsoTime, SealedCopy } from '@threadbook/sourcing'

/** Facts, each independent of the others (D-01). Views, filters and counters speak of these only. */
export type ConversationFacts = {
  readonly account: string
  readonly inbox: string
  /** The one it came by (S-107). */
  readonly channel: Channel
  readonly status: 'open' | 'closed'
  readonly spam: boolean
  readonly spamCause: SpamCause | null
  /** When it was first marked: its 90 days count from here (D-28). */
  readonly spamAt: IsoTime | null
  readonly trashed: boolean
  readonly trashedAt: IsoTime | null
  /** A hold stops the clocks of spam and trash (D-06). */
  readonly hold: boolean
  /** At least one message, submission or call from the contact's side (D-03). */
  readonly hasInbound: boolean
  readonly owner: Owner | null
  readonly everOwned: boolean
  readonly heldByBot: boolean
  readonly botTookPart: boolean
  readonly snoozed: boolean
  readonly snoozedUntil: IsoTime | null
  readonly merged: boolean
  readonly onHelpDesk: boolean
  /** Something that a blocked visitor wrote is kept; since when the oldest of it (D-25). */
  readonly hasBlocked: boolean
  readonly blockedSince: IsoTime | null
  /** The oldest of its tickets, and whether that is closed (K-08). */
  readonly ticket: string | null
  readonly ticketStatus: 'open' | 'closed' | null
  readonly contact: string | null
  /** Of its earliest message. */
  readonly firstActivityAt: IsoTime
  /** Of its latest message (D-28); of its start, as long as it has none. */
  readonly lastMessageAt: IsoTime
  readonly lastDirection: 'incoming' | 'outgoing' | null
  readonly lastChannel: Channel | null
  /** Everybody whom it was ever assigned to, in the order in which they first were (S-015). */
  readonly everOwners: readonly Owner[]
  /** The bot that took part last, by its chatflow's name (S-014). */
  readonly chatflow: string | null
  /** At the other end: the contact and whoever joined. */
  readonly participants: number
  /** The team has written since the contact did so first. */
  readonly replied: boolean
  /** The last thing sent did not arrive. */
  readonly deliveryFailed: boolean
  /** A person's answer is awaited, since the first message that had none (D-13). */
  readonly waiting: boolean
  readonly waitingSince: IsoTime | null
  /** In the order in which they were added. */
  readonly labels: readonly string[]
  /** What a host told of it; names without a value are absent. */
  readonly properties: Readonly<Record<string, Exclude<PropertyValue, null>>>
}

export type ConversationRow = ConversationFacts & {
  /** Of the latest message; -1 before the first. */
  readonly lastRevision: number
  readonly lastMessage: string | null
  readonly preview: SealedCopy<string> | null
  readonly previewHidden: boolean
  /** The earliest message that has a subject, and that subject. */
  readonly subjectMessage: string | null
  readonly subjectAt: IsoTime | null
  readonly subject: SealedCopy<string> | null
  readonly subjectHidden: boolean
  readonly lastCommentAt: IsoTime | null
  readonly lastComment: SealedCopy<string> | null
  /** Who wrote first, where that is nobody's contact (D-17): contacts' names are joined on reading. */
  readonly stranger: SealedCopy<Person> | null
  /** A mail of it was passed on to others (K-17). */
  readonly forwarded: boolean
  /** All of its tickets, the oldest first. */
  readonly tickets: readonly { readonly id: string; readonly closed: boolean }[]
  /** Nobody knows whether the last thing sent arrived. */
  readonly deliveryUnknown: boolean
  /** Which message that is said of. */
  readonly undelivered: string | null
  /** How many messages came in that were not filtered: a viewer who saw as many has read all. */
  readonly inbound: number
  /** When each message of a blocked visitor came, by its id. */
  readonly blocked: Readonly<Record<string, IsoTime>>
  /** What a merge ended, for its undo (D-24). */
  readonly beforeMerge: { readonly spamCause: SpamCause | null; readonly trashed: boolean } | null
}
