/** HTML to text and back. The text is for reading and searching, not for layout. */
import { decodeEntities } from './html-entities.js'

/** What stands where an element begins or ends. */
type Break = '\n\n' | '\n' | ' '
const breaks = (between: Break, names: string) =>
  names.split(' ').map((name) => [name, between] as const)
const BREAKS: ReadonlyMap<string, Break> = new Map([
  ...breaks('\n\n', 'p h1 h2 h3 h4 h5 h6 blockquote'),
  ...breaks('\n', 'address article center dd div dl dt footer form header hr li ol pre section'),
  ...breaks('\n', 'table tr ul'),
  ...breaks(' ', 'td th'),
])

/** Elements whose content is not for reading. Scripts and styles go on where they are never closed. */
const SILENT: ReadonlyMap<string, { readonly end: RegExp; readonly goesOn: boolean }> = new Map([
  ['script', { end: /<\/script\b/gi, goesOn: true }],
  ['style', { end: /<\/style\b/gi, goesOn: true }],
  ['title', { end: /<\/title\b/gi, goesOn: false }],
])
const COMMENT_END = /-->/g

/** Tags and texts, and characters of texts, after which nobody reads on. */
const MAX_STEPS = 200_000
const MAX_LENGTH = 2_000_000

/** Collects text as a browser would show it: one space or line break where there are several. */
class Lines {
  private readonly pieces: string[] = []
  private last = '\n'
  private preformatted = 0
  length = 0

  add(piece: string): void {
    if (piece === '') return
    this.pieces.push(piece)
    this.last = piece.slice(-1)
  }
  text(html: string): void {
    const cut = html.slice(0, MAX_LENGTH - this.length)
    this.length += cut.length
    const text = decodeEntities(cut)
    if (this.preformatted > 0) return this.add(text)
    const spaced = text.replace(/\s+/g, ' ')
    this.add(this.last === '\n' || this.last === ' ' ? spaced.trimStart() : spaced)
  }
  tag(name: string, ends: boolean): void {
    if (name === 'pre') this.preformatted = Math.max(0, this.preformatted + (ends ? -1 : 1))
    if (name === 'br') return this.add('\n')
    const between = BREAKS.get(name)
    const isThere = this.last === '\n' || this.last === between
    if (between !== undefined && (between === '\n\n' || !isThere)) this.add(between)
    if (name === 'li' && !ends) this.add('* ')
  }
  /** Without trailing spaces, never with two empty lines in a row. */
  toString(): string {
    const lines: string[] = []
    for (const line of this.pieces.join('').split('\n')) {
      const trimmed = line.trimEnd()
      if (trimmed !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(trimmed)
    }
    return lines.join('\n').trimEnd()
  }
}

/** Finds where the end of what is silent begins; a search that failed fails for every later place, and is not repeated. */
const searching = (html: string) => {
  const failed = new Set<RegExp>()
  return (end: RegExp, from: number): number | undefined => {
    if (failed.has(end)) return undefined
    end.lastIndex = from
    const found = end.exec(html)
    if (found === null) failed.add(end)
    return found?.index
  }
}

const TAG = /^<(\/?)([a-z][a-z0-9]*)/i

export const textOfHtml = (html: string): string => {
  const lines = new Lines()
  const endOf = searching(html)
  for (let at = 0, steps = 0; at < html.length && lines.length < MAX_LENGTH; steps++) {
    const open = html.indexOf('<', at)
    lines.text(html.slice(at, open < 0 ? undefined : open))
    if (open < 0 || steps === MAX_STEPS) break
    if (!/[a-z/!?]/i.test(html.charAt(open + 1))) {
      lines.add('<')
      at = open + 1
      continue
    }
    const comment = html.startsWith('<!--', open) ? endOf(COMMENT_END, open + 4) : undefined
    const close = html.indexOf('>', comment ?? open) + 1
    if (close === 0) break
    at = close
    const [, slash, tagName = ''] = TAG.exec(html.slice(open, open + 20)) ?? []
    const name = tagName.toLowerCase()
    const silent = slash === '' ? SILENT.get(name) : undefined
    if (silent !== undefined) {
      const end = endOf(silent.end, at)
      if (end === undefined && silent.goesOn) break
      at = end ?? at
    } else if (comment === undefined) {
      lines.tag(name, slash === '/')
    }
  }
  return lines.toString()
}

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

export const htmlOfText = (text: string): string =>
  `<div style="white-space: pre-wrap">${text.replace(/[&<>]/g, (char) => ESCAPED[char] ?? char)}</div>`
