/** What the host's language model is asked, and what it is given to read. */
import {
  conversations,
  textForAssistant,
  type AssistantAnswer,
  type AssistantMessage,
  type AssistantRefusal,
  type NoAccess,
} from '@threadbook/core'
import { isErased, type CommandFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'
import { answering } from './fault.js'
import { stateOf } from './state-of.js'
import { readThread, type NoSuchThread, type ThreadRequest } from './thread.js'
import { withSources } from './with-sources.js'

/** The host has connected none. */
export interface NoAssistant {
  readonly type: 'NoAssistant'
}

export type Assisted<A = AssistantAnswer> = E.Either<
  NoAssistant | AssistantRefusal | NoSuchThread | NoAccess | CommandFault,
  A
>

export interface WriteRequest extends ThreadRequest {
  readonly prompt: string
  /** One more than that of the draft that did not please; 1 unless told. */
  readonly version?: number
}

export interface Assistance {
  /** A draft to put into the reply editor, or to have generated again (S-069). Nothing is sent. */
  readonly write: (
    conversationId: string,
    request: WriteRequest,
  ) => Promise<Assisted<AssistantAnswer & { readonly version: number }>>
  /** A long conversation in short (S-070). */
  readonly summarize: (conversationId: string, request?: ThreadRequest) => Promise<Assisted>
}

const readable = async (
  door: Door,
  conversationId: string,
  request: ThreadRequest,
): Promise<E.Either<NoSuchThread | NoAccess | CommandFault, readonly AssistantMessage[]>> => {
  const thread = await readThread(door, conversationId, request)
  if (E.isLeft(thread)) return thread
  const texts = new Map<string, string>()
  for (const entry of thread.right.entries)
    if (entry.type === 'message' && entry.hidden === null && !isErased(entry.content))
      texts.set(entry.messageId, entry.content.text)
  const state = await stateOf(door, conversations, conversationId)
  if (state.situation !== 'present') return E.left({ type: 'NoSuchThread', conversationId })
  return E.right(textForAssistant(await withSources(door, state), texts))
}

export const assistanceOf = (door: Door): Assistance => {
  const { assistant, account } = door
  const none = E.left({ type: 'NoAssistant' } as const)
  return {
    write: (conversationId, { prompt, version = 1, ...request }) =>
      answering(async (): Promise<Assisted<AssistantAnswer & { readonly version: number }>> => {
        if (assistant === undefined) return none
        const conversation = await readable(door, conversationId, request)
        if (E.isLeft(conversation)) return conversation
        const asked = { account, prompt, version, conversation: conversation.right }
        const written = await assistant.write(asked)()
        return E.isLeft(written) ? written : E.right({ ...written.right, version })
      }),
    summarize: (conversationId, request = {}) =>
      answering(async (): Promise<Assisted> => {
        if (assistant === undefined) return none
        const conversation = await readable(door, conversationId, request)
        if (E.isLeft(conversation)) return conversation
        return assistant.summarize({ account, conversation: conversation.right })()
      }),
  }
}
