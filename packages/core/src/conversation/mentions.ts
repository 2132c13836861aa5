/** Whom a comment mentions, and where in its text (S-072). */
import * as t from 'io-ts'
import { struct } from '../request.js'
import { Count, Id } from '../vocabulary.js'

/** From `start` up to, and without, `end`: in UTF-16 units, as JavaScript counts. */
const MentionSpan = struct('MentionSpan', { user: Id, start: Count, end: Count })
export type MentionSpan = t.TypeOf<typeof MentionSpan>
export const mentionSpans = t.readonlyArray(MentionSpan)

/** Somebody of the team in the middle of a text, by id, and by the name that is shown. */
export interface Mention {
  readonly mention: string
  readonly name: string
}

export const mention = (user: string, name: string): Mention => ({ mention: user, name })

export interface Mentioning {
  readonly text: string
  /** Each once, in the order of the text. */
  readonly mentions: readonly string[]
  readonly spans: readonly MentionSpan[]
}

/** A text with `@name` in the place of each mention. */
export const mentioning = (parts: readonly (string | Mention)[]): Mentioning => {
  let text = ''
  const spans: MentionSpan[] = []
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const start = text.length
    text += `@${part.name}`
    spans.push({ user: part.mention, start, end: text.length })
  }
  return { text, mentions: [...new Set(spans.map(({ user }) => user))], spans }
}
