/** Text from strangers, made fit for a terminal: nothing in it can act, and its width is known. */

const ESC = '\u001b'
const BEL = '\u0007'

/** What moves the cursor, colours, or renames the window: the whole of it, not only its first character. */
const SEQUENCE = new RegExp(
  `(?:${ESC}\\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|${ESC}\\][^${BEL}${ESC}]{0,2000}(?:${BEL}|${ESC}\\\\)`,
  'g',
)
/** Not to be seen, or turning the direction of what comes after. */
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu
/** Terminals disagree on how wide these make an emoji. */
const JOINS_EMOJI = /\ufe0f|(?<=\p{Extended_Pictographic})\u200d|[\u{1f3fb}-\u{1f3ff}]/gu
const TOO_MANY_MARKS = /(\p{M}{4})\p{M}+/gu
const NO_CHARACTER = /[\p{Cs}\p{Co}\p{Cn}]/gu

const TAB = '    '

/** One line as it is: every character of it is what it looks like. */
const cleanLine = (line: string): string =>
  line
    .replace(SEQUENCE, '')
    .replaceAll('\t', TAB)
    .replace(/\p{Cc}/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(JOINS_EMOJI, '')
    .replace(TOO_MANY_MARKS, '$1')
    .replace(NO_CHARACTER, '\ufffd')

/** All of it on one line, with single spaces. */
export const clean = (text: string): string => cleanLine(text).replace(/\s+/gu, ' ').trim()

/** Line by line, as it was written. */
export const cleanLines = (text: string): readonly string[] =>
  text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).map((line) => cleanLine(line).trimEnd())

const NO_COLUMN = /^[\p{M}\p{Cf}\u1160-\u11ff]$/u
const TWO_COLUMNS =
  /^(?:[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|(?!\p{Regional_Indicator})\p{Emoji_Presentation})$/u

const columnsOf = (character: string): number => {
  if (character >= ' ' && character <= '~') return 1
  if (NO_COLUMN.test(character)) return 0
  return TWO_COLUMNS.test(character) ? 2 : 1
}

/** In columns of a terminal; of a text that is clean. */
export const widthOf = (text: string): number => {
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

/** At most `width` columns; where something is left out, the last of them says so. */
export const cutToWidth = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text
  if (width < 1) return ''
  let kept = ''
  let columns = 0
  for (const character of text) {
    columns += columnsOf(character)
    if (columns > width - 1) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** Exactly `width` columns. */
export const fitToWidth = (text: string, width: number): string => {
  const cut = cutToWidth(text, width)
  return cut + ' '.repeat(Math.max(0, width - widthOf(cut)))
}

/** Lines of at most `width` columns, parted between words; the first keeps its margin, a longer word stays whole. */
export const wrap = (line: string, width: number): readonly string[] => {
  if (widthOf(line) <= width) return [line]
  const lines: string[] = []
  const [first = '', ...words] = line.trimStart().split(/ +/)
  let open = line.slice(0, line.length - line.trimStart().length) + first
  let columns = widthOf(open)
  for (const word of words) {
    const more = widthOf(word)
    if (columns + 1 + more > width) {
      lines.push(open)
      open = word
      columns = more
    } else {
      open += ` ${word}`
      columns += 1 + more
    }
  }
  return [...lines, open]
}
