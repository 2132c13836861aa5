/** The text of an HTML mail that has no other, in one pass. Meant for reading and searching, not for layout. */

/** Elements whose content is not for reading; what follows an unclosed script or style is its content. */
const SILENT: Readonly<Record<string, 'toTheEnd' | 'ifClosed'>> = {
  script: 'toTheEnd',
  style: 'toTheEnd',
  title: 'ifClosed',
}
/** What stands where an element begins or ends. */
const BREAKS: ReadonlyMap<string, string> = new Map([
  ...['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote'].map((name) => [name, '\n\n'] as const),
  ...['address', 'center', 'dd', 'div', 'dl', 'dt', 'form', 'hr', 'ol', 'pre'].map(
    (name) => [name, '\n'] as const,
  ),
  ...['section', 'table', 'tr', 'ul', 'article', 'header', 'footer', 'br', 'li'].map(
    (name) => [name, '\n'] as const,
  ),
  ...['td', 'th'].map((name) => [name, ' '] as const),
])

const LATIN1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ...LATIN1.split(' ').map((name, i) => [name, String.fromCharCode(0xa0 + i)] as const),
  ...Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    AMP: '&',
    LT: '<',
    GT: '>',
  }),
  ...Object.entries({ ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“' }),
  ...Object.entries({ rdquo: '”', bdquo: '„', bull: '•', hellip: '…', euro: '€', trade: '™' }),
  ...Object.entries({ lsaquo: '‹', rsaquo: '›', dagger: '†', larr: '←', rarr: '→', OElig: 'Œ' }),
  ...Object.entries({ oelig: 'œ', Scaron: 'Š', scaron: 'š', ensp: ' ', emsp: ' ', thinsp: ' ' }),
  ...Object.entries({ zwnj: '\u200c', zwj: '\u200d', lrm: '', rlm: '', minus: '−', hearts: '♥' }),
])

const character = (code: number): string =>
  code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)
    ? '\ufffd'
    : String.fromCodePoint(code)

const decode = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#(\d{1,8})|#x([\da-f]{1,7})|([a-z]{2,8}\d{0,2}));?/gi,
        (whole, decimal?: string, hex?: string, name?: string) => {
          if (decimal !== undefined) return character(Number(decimal))
          if (hex !== undefined) return character(parseInt(hex, 16))
          return ENTITIES.get(name ?? '') ?? whole
        },
      )
    : text

/** Lines without trailing spaces, never two empty ones in a row. */
const tidy = (text: string): string => {
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const trimmed = line.trimEnd()
    if (trimmed !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(trimmed)
  }
  return lines.join('\n').trimEnd()
}

const escaped = (char: string): string => (char === '&' ? '&amp;' : char === '<' ? '&lt;' : '&gt;')

const TAG = /^<(\/?)([a-z][a-z0-9]*)/i

export const htmlOfText = (text: string): string =>
  `<div style="white-space: pre-wrap">${text.replace(/[&<>]/g, escaped)}</div>`

/** Tags and texts, and characters of texts, after which nobody reads on. */
const MAX_STEPS = 200_000
const MAX_LENGTH = 2_000_000

export const textOfHtml = (html: string): string => {
  const pieces: string[] = []
  // A search that failed once fails for every later place, and is not repeated.
  const unclosed = new Set<string>()
  let lineStarts = true
  let preformatted = 0
  let length = 0

  const write = (piece: string): void => {
    if (piece === '') return
    pieces.push(piece)
    lineStarts = piece.endsWith('\n')
  }
  const writeText = (start: number, end?: number): void => {
    const raw = html.slice(start, end).slice(0, MAX_LENGTH - length)
    if (raw === '') return
    length += raw.length
    if (preformatted > 0) return write(decode(raw))
    const text = decode(raw).replace(/\s+/g, ' ')
    write(lineStarts ? text.trimStart() : text)
  }
  /** Index after `closer`, or undefined. */
  const after = (closer: RegExp, from: number): number | undefined => {
    if (unclosed.has(closer.source)) return undefined
    closer.lastIndex = from
    if (closer.test(html)) return closer.lastIndex
    unclosed.add(closer.source)
    return undefined
  }

  for (let at = 0, steps = 0; at < html.length && length < MAX_LENGTH; steps++) {
    if (steps === MAX_STEPS) break
    const open = html.indexOf('<', at)
    if (open < 0) {
      writeText(at)
      break
    }
    writeText(at, open)
    const next = html.charAt(open + 1)
    if (!/[a-z/!?]/i.test(next)) {
      write('<')
      at = open + 1
      continue
    }
    const comment = html.startsWith('<!--', open) ? after(/-->/g, open + 4) : undefined
    if (comment !== undefined) {
      at = comment
      continue
    }
    const close = html.indexOf('>', open)
    if (close < 0) break
    at = close + 1
    const tag = TAG.exec(html.slice(open, open + 20))
    if (tag === null) continue
    const ends = tag[1] === '/'
    const name = tag[2]?.toLowerCase() ?? ''
    const silent = ends ? undefined : SILENT[name]
    if (silent !== undefined) {
      const end = after(new RegExp(`</${name}[^>]*>`, 'gi'), at)
      if (end === undefined && silent === 'toTheEnd') break
      at = end ?? at
      continue
    }
    if (name === 'pre') preformatted = Math.max(0, preformatted + (ends ? -1 : 1))
    const broken = BREAKS.get(name)
    if (broken !== undefined && (broken !== ' ' || !lineStarts)) write(broken)
    if (name === 'li' && !ends) write('* ')
  }
  return tidy(pieces.join(''))
}
