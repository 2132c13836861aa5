/** What the steps from request to command share. */
import {
  conversations,
  type AccountRefusal,
  type AutoReplyRefusal,
  type BulkOperationRefusal,
  type ContactRefusal,
  type ConversationCommand,
  type ConversationRefusal,
  type IdentityClaimRefusal,
  type InboxNotReady,
  type InboxRefusal,
  type InvalidCommand,
  type NoAccess,
  type NotPermitted,
  type Present,
  type ReadStateRefusal,
  type Request,
  type TeamRefusal,
  type UserRefusal,
  type ViewRefusal,
} from '@threadbook/core'
import type { Transaction } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door, Mac } from '../door.js'
import type { Times } from '../times.js'

/** Nobody is known to be at the other end of the conversation: there is nobody to block. */
export interface NoSender {
  readonly type: 'NoSender'
  readonly conversationId: string
}

export type Refusal =
  | AccountRefusal
  | AutoReplyRefusal
  | BulkOperationRefusal
  | ContactRefusal
  | ConversationRefusal
  | IdentityClaimRefusal
  | InboxNotReady
  | InboxRefusal
  | InvalidCommand
  | NoAccess
  | NotPermitted
  | NoCrm
  | NoSender
  | ReadStateRefusal
  | TeamRefusal
  | UserRefusal
  | ViewRefusal

/** The host has connected no CRM: nobody is there who could make a ticket or a deal. */
export interface NoCrm {
  readonly type: 'NoCrm'
}

/** The ids that a request left to the front door, or that it was about. */
export interface Ids {
  readonly conversationId?: string
  readonly messageId?: string
  readonly commentId?: string
  readonly contactId?: string
  readonly bulkOperationId?: string
  readonly viewId?: string
}

export interface Step {
  readonly door: Door
  readonly transaction: Transaction
  readonly times: Times
  readonly mac: Mac
  /** The same for the same command id: what is repeated is about the same things. */
  readonly newId: (
    what:
      | 'conversation'
      | 'message'
      | 'comment'
      | 'contact'
      | 'request'
      | 'call'
      | 'bulkOperation'
      | 'view',
  ) => string
}

export type Answer = Promise<E.Either<Refusal, Ids>>
export type Asked<T extends Request['type']> = Extract<Request, { readonly type: T }>
/** One step for each of these types of request. */
export type Steps<T extends Request['type']> = {
  readonly [K in T]: (request: Asked<K>, step: Step) => Answer
}

export const withIds =
  (ids: Ids) =>
  <R>(decided: E.Either<R, number>): E.Either<R, Ids> =>
    E.isLeft(decided) ? decided : E.right(ids)

export const onConversation = async (
  command: ConversationCommand,
  { transaction, times }: Step,
  ids: Ids = {},
): Answer =>
  withIds({ conversationId: command.conversationId, ...ids })(
    await transaction.decide(conversations, command.conversationId, { ...command, ...times }),
  )

export const presentConversation = async (
  conversationId: string,
  { transaction }: Step,
): Promise<Present | undefined> => {
  const state = await transaction.load(conversations, conversationId)
  return state.situation === 'present' ? state : undefined
}
