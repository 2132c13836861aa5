/** One message by its link, wherever its conversation is by now (S-092). */
import { conversations, type LinkTarget, type NoAccess } from '@threadbook/core'
import type { HiddenMessage, ShownMessage } from '@threadbook/projection-thread'
import type { CommandFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'
import { answering } from './fault.js'
import { stateOf } from './state-of.js'
import { readThread, type ThreadRequest } from './thread.js'

/** What the link is to was deleted for good. */
export interface MessageGone extends Required<LinkTarget> {
  readonly type: 'MessageGone'
}

/** There never was such a message, as far as anybody knows. */
export interface NoSuchMessage extends Required<LinkTarget> {
  readonly type: 'NoSuchMessage'
}

export interface FoundMessage {
  /** The conversation that shows it now: another than the link names, where that was merged. */
  readonly conversationId: string
  readonly inbox: string
  /** Its place alone, where it is hidden (S-094). */
  readonly message: ShownMessage | HiddenMessage
}

export type ReadMessage = E.Either<
  MessageGone | NoSuchMessage | NoAccess | CommandFault,
  FoundMessage
>

const LONGEST_CHAIN = 64

export const readMessage = (
  door: Door,
  conversationId: string,
  messageId: string,
  request: ThreadRequest = {},
): Promise<ReadMessage> =>
  answering(async (): Promise<ReadMessage> => {
    const link = { conversationId, messageId }
    let id = conversationId
    for (let hops = 0; hops < LONGEST_CHAIN; hops++) {
      const state = await stateOf(door, conversations, id)
      if (state.situation === 'purged') return E.left({ type: 'MessageGone', ...link })
      if (state.situation === 'absent' || state.mergedInto === undefined) break
      id = state.mergedInto
    }
    const thread = await readThread(door, id, request)
    if (E.isLeft(thread))
      return thread.left.type === 'NoSuchThread'
        ? E.left({ type: 'NoSuchMessage', ...link })
        : E.left(thread.left)
    const message = thread.right.entries.find(
      (entry): entry is ShownMessage | HiddenMessage =>
        entry.type === 'message' && entry.messageId === messageId,
    )
    return message === undefined
      ? E.left({ type: 'NoSuchMessage', ...link })
      : E.right({ conversationId: id, inbox: thread.right.inbox, message })
  })
