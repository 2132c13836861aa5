/**
 * The port to a language model, and what of a conversation may be sent to it. Nothing that is hidden,
 * filtered or said among the team leaves (D-10): that is decided here, not by whoever brings a model.
 */
import type { IsoTime, Unavailable } from '@threadbook/sourcing'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Present } from './conversation/index.js'

/** A message as a model may read it: who wrote it is no more than a side. */
export interface AssistantMessage {
  readonly by: 'contact' | 'team'
  readonly at: IsoTime
  readonly text: string
}

export interface AssistantAnswer {
  readonly text: string
  /** The model, as people are told of it. */
  readonly by: string
}

/** It will not; `reason` is for people to read. */
export interface AssistantRefusal {
  readonly type: 'AssistantRefusal'
  readonly reason: string
}

export interface Assistant {
  /** "Write for me" (S-069): a draft, which nobody has sent. Another version is another draft. */
  readonly write: (asked: {
    readonly account: string
    readonly prompt: string
    /** 1 for the first, and one more each time it is generated again. */
    readonly version: number
    /** Oldest first. */
    readonly conversation: readonly AssistantMessage[]
  }) => TaskEither<Unavailable | AssistantRefusal, AssistantAnswer>
  /** "Conversation summary" (S-070). */
  readonly summarize: (asked: {
    readonly account: string
    readonly conversation: readonly AssistantMessage[]
  }) => TaskEither<Unavailable | AssistantRefusal, AssistantAnswer>
}

/** Characters that are sent, at most: of longer conversations the latest. */
export const MOST_FOR_ASSISTANT = 100_000

/**
 * What may be sent of a conversation, and of what was merged into it. `texts` are messages in plain
 * text, by id; those that are not among them are left out.
 */
export const textForAssistant = (
  conversations: readonly Present[],
  texts: ReadonlyMap<string, string>,
): readonly AssistantMessage[] => {
  const readable = conversations
    .flatMap(({ messages }) => [...messages])
    .filter(([, { hiddenBy, filtered }]) => hiddenBy === undefined && !filtered)
    .flatMap(([id, { direction, at }]): readonly AssistantMessage[] => {
      const text = texts.get(id)
      return text === undefined ? [] : [{ by: direction === 'in' ? 'contact' : 'team', at, text }]
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  let left = MOST_FOR_ASSISTANT
  const sent: AssistantMessage[] = []
  for (const message of readable.reverse()) {
    if (left <= 0) break
    sent.push({ ...message, text: message.text.slice(0, left) })
    left -= message.text.length
  }
  return sent.reverse()
}
