/** The port through which everything leaves. A host brings adapters: SMTP, a chat widget's socket. */
import type { Channel, Person } from '@threadbook/core'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

/** By what something leaves; `notification` is to somebody of the team (S-072). */
export type Route = Channel | 'notification'

export interface OutgoingAttachment {
  readonly name: string
  readonly mimeType: string
  /** In bytes. */
  readonly size: number
  readonly inline: boolean
  readonly contentId?: string
  readonly bytes: Uint8Array
}

export interface OutgoingMail {
  /** The Message-ID, without angle brackets. */
  readonly mailId: string
  readonly inReplyTo?: string
  /** Oldest first. */
  readonly references: readonly string[]
  readonly from: Person
  /** Answers to here find the conversation, whatever else they lose. */
  readonly replyTo?: Person
}

/** Something on its way out, in plain text: whoever is given it keeps it to themselves. */
export interface Outgoing {
  readonly account: string
  readonly inbox: string
  readonly conversationId: string
  /** Of the message, the transcript or the mention: receipts name it. The same on every attempt. */
  readonly messageId: string
  /** 1 for the first. */
  readonly attempt: number
  readonly route: Route
  readonly kind: 'reply' | 'composed' | 'bot' | 'forward' | 'transcript' | 'history' | 'mention'
  /** No person wrote it just now: it says so, so that no machine answers it (domain.md, § 4). */
  readonly automatic: boolean
  /** Mail has at least one. For chats, the visitor; for mentions, nobody: see `mention`. */
  readonly to: readonly Person[]
  readonly cc: readonly Person[]
  readonly subject: string
  readonly text: string
  /** Safe. */
  readonly html?: string
  readonly attachments: readonly OutgoingAttachment[]
  /** For the routes `email` and `notification`; absent where no channel for mail is connected. */
  readonly mail?: OutgoingMail
  /** For the route `notification`: who is mentioned, by whom, and where (S-072). */
  readonly mention?: {
    readonly userId: string
    readonly by: string
    readonly commentId: string
    readonly link: string
  }
}

/** The next system took it, and answers for it from here on. */
export interface HandedOver {
  /** Its id there, which receipts may name. */
  readonly providerId?: string
  /** Why some of several recipients will not have it, where that is so: then it failed for them. */
  readonly refused?: string
}

export type NotHandedOver =
  /** Not now. It is tried again: after so long, or with growing pauses. */
  | { readonly type: 'Later'; readonly reason: string; readonly afterSeconds?: number }
  /** Not ever: it failed. */
  | { readonly type: 'Never'; readonly reason: string }
  /** It may have been taken and may not. It is not sent again by itself. */
  | { readonly type: 'Unknown'; readonly reason: string }

export interface Delivery {
  /** What it can deliver; what leaves by other ways is none of its business. */
  readonly routes: readonly Route[]
  /**
   * Hands over once. What it throws counts as `Unknown`: say `Later` only where it is certain that
   * nothing was taken. It must end by itself; after ten minutes nobody waits for its answer.
   */
  readonly deliver: (outgoing: Outgoing) => TaskEither<NotHandedOver, HandedOver>
}

/** One port of several, each for its own routes; the first that has a route serves it. */
export const deliverBy = (...ports: readonly Delivery[]): Delivery => ({
  routes: [...new Set(ports.flatMap(({ routes }) => routes))],
  deliver: (outgoing) =>
    ports.find(({ routes }) => routes.includes(outgoing.route))!.deliver(outgoing),
})
