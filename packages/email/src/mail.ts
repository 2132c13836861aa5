/** What is read from a mail, and how a mail may be refused. */
import type { MailClass } from '@threadbook/core'

/** `address` is never empty; its domain is in lower case, its local part as written. */
export interface Mailbox {
  readonly name?: string
  readonly address: string
}

export interface MailAttachment {
  /** The last part of the name as given: no folders, no control characters. */
  readonly filename?: string
  readonly mimeType: string
  readonly disposition?: string
  /** Without angle brackets. */
  readonly contentId?: string
  /** In bytes, decoded. */
  readonly size: number
  readonly bytes: Uint8Array
}

/** The token of `support+token@example.com`, with the address it was added to. */
export interface PlusToken {
  readonly address: string
  readonly token: string
}

export interface Bounce {
  /**
   * False where the report only says delayed, delivered, relayed or expanded, and where the
   * Return-Path is the only sign of a bounce.
   */
  readonly failed: boolean
  /** Message-IDs of the mail that came back; the most certain first. */
  readonly originalIds: readonly string[]
  readonly recipients: readonly string[]
  /** In the other server's words. */
  readonly reason?: string
}

export interface Mail {
  /** Without angle brackets, case kept; derived from sender and raw body where the mail has none. */
  readonly messageId: string
  readonly derived: boolean
  readonly from?: Mailbox
  readonly sender?: Mailbox
  readonly replyTo: readonly Mailbox[]
  readonly to: readonly Mailbox[]
  readonly cc: readonly Mailbox[]
  readonly deliveredTo: readonly string[]
  readonly xForwardedFor: readonly string[]
  readonly plusTokens: readonly PlusToken[]
  /** Ids as `messageId`; the mail's own is left out, none appears twice. */
  readonly inReplyTo: readonly string[]
  /** Newest first, at most 100. */
  readonly references: readonly string[]
  /** As claimed by the sender, which may be a lie; absent where it is no date. */
  readonly date?: string
  readonly subject: string
  /** Plain text, made from the HTML where the mail has no other. */
  readonly text: string
  /** As received: nothing in it is made safe. */
  readonly html?: string
  /** The beginning of what the sender wrote, on one line, at most 140 characters. */
  readonly preview: string
  readonly attachments: readonly MailAttachment[]
  readonly kind: MailClass
  /** The header fields that say so, in lower case. */
  readonly signs: readonly string[]
  /** Sent to many, whatever else its kind says of it. */
  readonly bulk: boolean
  /** Present where `kind` is bounce. */
  readonly bounce?: Bounce
  /** List-Unsubscribe. */
  readonly hasSubscriptionLink: boolean
  /** Of the raw mail, in bytes. */
  readonly size: number
}

export interface MailRejected {
  readonly type: 'MailRejected'
  readonly reason: 'tooLarge' | 'empty' | 'notMail' | 'malformed'
  /** What of the mail is at fault, where it is not the whole. */
  readonly field?: string
  readonly expected: string
  readonly found: string
}
