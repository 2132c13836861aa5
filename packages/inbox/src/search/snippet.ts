/** Where a hit's words stand: a line of the text around the first of them. */
import type { PartText, SearchedPart } from '@threadbook/projection-views'
import { placeInText, type SearchTerm } from '@threadbook/sourcing'

export interface Snippet {
  readonly part: SearchedPart
  /** In the order of the text; `hit`: these are the words that were looked for. */
  readonly pieces: readonly { readonly text: string; readonly hit: boolean }[]
}

const BEFORE = 60
const AFTER = 100

const ELLIPSIS = '…'

/** As one line, and no longer than it has to be. */
const oneLine = (text: string): string => text.replace(/\s+/gu, ' ')

/** Not inside of a pair of surrogates, and rather at a blank. */
const startBefore = (text: string, at: number): number => {
  const from = Math.max(0, at - BEFORE)
  if (from === 0) return 0
  const blank = text.slice(from, at).search(/\s/u)
  const start = blank === -1 ? from : from + blank + 1
  return /[\udc00-\udfff]/u.test(text.charAt(start)) ? start + 1 : start
}

const endAfter = (text: string, at: number): number => {
  const to = Math.min(text.length, at + AFTER)
  if (to === text.length) return to
  const rest = text.slice(at, to)
  const blank = rest.search(/\s\S*$/u)
  const end = blank === -1 ? to : at + blank
  return /[\ud800-\udbff]/u.test(text.charAt(end - 1)) ? end - 1 : end
}

/** Around the first term that is in one of the parts; undefined where none is. */
export const snippetOf = (
  parts: readonly PartText[],
  terms: readonly SearchTerm[],
): Snippet | undefined => {
  for (const term of terms)
    for (const { part, text } of parts) {
      const place = placeInText(text, term)
      if (place === undefined) continue
      const [from, to] = place
      const start = startBefore(text, from)
      const end = endAfter(text, to)
      const pieces = [
        {
          text: (start > 0 ? ELLIPSIS : '') + oneLine(text.slice(start, from)).trimStart(),
          hit: false,
        },
        { text: oneLine(text.slice(from, to)), hit: true },
        {
          text: oneLine(text.slice(to, end)).trimEnd() + (end < text.length ? ELLIPSIS : ''),
          hit: false,
        },
      ]
      return { part, pieces: pieces.filter((piece) => piece.text !== '') }
    }
  return undefined
}
