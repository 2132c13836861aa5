/** What a list shows of a mail: the beginning of what its sender wrote. */
import { cutTo, oneLine } from './text.js'

const LONGEST = 140
/** Long quotations are not read to their end. */
const FAR = 20_000

const isQuoted = (line: string): boolean => line.startsWith('>') || line.startsWith('|')
/** On Monday, Bo <bo@example.com> wrote: */
const introducesQuote = (line: string): boolean =>
  /(?:wrote|writes|said|schrieb|écrit|ha scritto|escribió)\s*:$/i.test(line.slice(-40))
const endsOwnText = (line: string): boolean =>
  /^(?:--|_{20,}|-{3,}\s*(?:original message|forwarded|ursprüngliche nachricht).*)$/i.test(
    line.slice(0, 200),
  )

/** What of `text` its sender wrote, as far as a preview needs it. */
const ownLines = (text: string): string => {
  let own = ''
  for (let at = 0; at < text.length && own.length < 2 * LONGEST;) {
    const lf = text.indexOf('\n', at)
    const end = lf < 0 ? text.length : lf
    const line = text.slice(at, end).trim()
    at = end + 1
    if (endsOwnText(line) && own !== '') break
    if (line !== '' && !isQuoted(line) && !introducesQuote(line)) own += `${line} `
  }
  return own
}

/** At most 140 characters on one line: without quotations and signature, unless there is nothing else. */
export const previewOf = (text: string): string => {
  const near = text.slice(0, FAR)
  const preview = oneLine(ownLines(near)) || oneLine(near.slice(0, 4 * LONGEST))
  return cutTo(preview, LONGEST)
}
