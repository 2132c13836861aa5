/** No language model: it only repeats sentences that it was given, and says so. For tests. */
import type { Assistant, AssistantMessage } from '@threadbook/core'
import * as TE from 'fp-ts/lib/TaskEither.js'

const by = 'extractive: it repeats what was written'

const sentencesOf = (text: string): readonly string[] =>
  (text.match(/[^.!?\n]+[.!?]?/g) ?? []).map((each) => each.trim()).filter((each) => each !== '')

const firstSentence = ({ text }: AssistantMessage): string => sentencesOf(text)[0] ?? ''

const SENTENCES = 3

export interface ExtractiveAssistant extends Assistant {
  /** Everything that it was given to read, ever. */
  readonly read: readonly AssistantMessage[]
}

export const extractiveAssistant = (): ExtractiveAssistant => {
  const read: AssistantMessage[] = []
  return {
    read,
    /** The prompt, below a sentence of the contact's last message: the next one for each version. */
    write: ({ prompt, version, conversation }) => {
      read.push(...conversation)
      const last = conversation.filter((each) => each.by === 'contact').at(-1)
      const sentences = sentencesOf(last?.text ?? '')
      const quoted = sentences[(version - 1) % Math.max(1, sentences.length)]
      const text = quoted === undefined ? prompt : `You wrote: “${quoted}”\n${prompt}`
      return TE.right({ text, by })
    },
    /** The first sentence of the first messages and of the last. */
    summarize: ({ conversation }) => {
      read.push(...conversation)
      const picked =
        conversation.length <= SENTENCES
          ? conversation
          : [...conversation.slice(0, SENTENCES - 1), conversation.at(-1)!]
      const lines = picked.map((message) => `${message.by}: ${firstSentence(message)}`)
      return TE.right({ text: lines.join('\n'), by })
    },
  }
}
