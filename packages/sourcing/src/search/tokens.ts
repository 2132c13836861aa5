/**
 * Text as the search index keeps it: its words, folded, so that every store finds the same. Letters
 * lose case and accents; a writing that puts no blanks between words is taken sign by sign.
 */

/** Of one entry at most so many characters are indexed (100 kB of plain text). */
const MOST_INDEXED = 100_000
const LONGEST_TOKEN = 64

/** Stands between the parts of an entry: no phrase reaches from one into the next. */
const BETWEEN = '|'

const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  þ: 'th',
  ς: 'σ',
}
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu')

// Accents of Latin, Greek and Cyrillic, points of Hebrew, vowel signs of Arabic. The marks of other
// writings are letters of their own right.
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+/gu

// eslint-disable-next-line no-control-regex -- the ASCII range begins with them
const ASCII = /^[\u0000-\u007f]*$/u
const UNSPACED =
  '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}'
const WORDS = new RegExp(`[${UNSPACED}]\\p{M}*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')

const fold = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFKC')
    .replace(SPECIAL, (letter) => LETTERS[letter]!)

/** The words of a text, folded, in their order. */
export const tokensOf = (text: string): readonly string[] => {
  const words = ASCII.test(text) ? text.toLowerCase().match(/[a-z0-9]+/gu) : fold(text).match(WORDS)
  return words?.map((word) => (word.length > LONGEST_TOKEN ? cut(word) : word)) ?? []
}

/** Not inside of a pair. */
const cut = (word: string): string => {
  const end = /[\ud800-\udbff]/u.test(word.charAt(LONGEST_TOKEN - 1)) ? 1 : 0
  return word.slice(0, LONGEST_TOKEN - end)
}

/** The words of several parts, each with a blank on either side. */
export const indexedText = (parts: readonly string[]): string => {
  let left = MOST_INDEXED
  const texts: string[] = []
  for (const part of parts) {
    const taken = part.slice(0, left)
    left -= taken.length
    const tokens = tokensOf(taken)
    if (tokens.length > 0) texts.push(tokens.join(' '))
  }
  return texts.length === 0 ? '' : ` ${texts.join(` ${BETWEEN} `)} `
}

/** Each word of an indexed text, once. */
export const distinctTokens = (text: string): readonly string[] => [
  ...new Set(text.split(' ').filter((token) => token !== '' && token !== BETWEEN)),
]

/** Words that have to stand in one entry, in this order and next to each other. */
export interface SearchTerm {
  /** At least one; folded. */
  readonly tokens: readonly string[]
  /** The last one may go on. */
  readonly prefix: boolean
}

/** A word as it is typed: it finds words that begin so, from two letters on. Undefined for no word. */
export const wordTerm = (text: string): SearchTerm | undefined => {
  const tokens = tokensOf(text)
  const last = tokens.at(-1)
  return last === undefined ? undefined : { tokens, prefix: last.length > 1 }
}

export const phraseTerm = (text: string): SearchTerm | undefined => {
  const tokens = tokensOf(text)
  return tokens.length === 0 ? undefined : { tokens, prefix: false }
}

/** What an indexed text contains where the term is in it. */
export const needleOf = ({ tokens, prefix }: SearchTerm): string =>
  ` ${tokens.join(' ')}${prefix ? '' : ' '}`

/**
 * How often a term stands in an indexed text, from its beginning on, one behind the other. A phrase
 * right behind itself counts once: both share the blank between them.
 */
export const occurrences = (text: string, term: SearchTerm): number =>
  text.split(needleOf(term)).length - 1

/** How many words an indexed text has: a blank stands before each, and one at the end. */
export const wordCount = (text: string): number => text.split(' ').length - 2

/**
 * For databases, which cannot count: of how many characters (code points) a text is shorter without
 * each of its needles, and without its blanks.
 */
export const weightFrom = (
  shorter: readonly number[],
  needles: readonly string[],
): { readonly counts: readonly number[]; readonly words: number } => ({
  counts: needles.map((needle, at) => shorter[at]! / [...needle].length),
  words: shorter[needles.length]! - 1,
})

/** Where a term stands in plain text, as [start, end) in UTF-16 units; undefined where it does not. */
export const placeInText = (
  text: string,
  { tokens, prefix }: SearchTerm,
): readonly [start: number, end: number] | undefined => {
  /** The words read last, as many as the term has. */
  const window: { readonly token: string; readonly start: number }[] = []
  // Word by word, as folding may change a text's length.
  for (const { 0: word, index: start } of text.slice(0, MOST_INDEXED).matchAll(WORDS)) {
    for (const token of ASCII.test(word) ? [word.toLowerCase()] : tokensOf(word)) {
      window.push({ token, start })
      if (window.length > tokens.length) window.shift()
      const fits =
        window.length === tokens.length &&
        tokens.every((wanted, at) => {
          const there = window[at]!.token
          return prefix && at === tokens.length - 1 ? there.startsWith(wanted) : there === wanted
        })
      if (fits) return [window[0]!.start, start + word.length]
    }
  }
  return undefined
}
