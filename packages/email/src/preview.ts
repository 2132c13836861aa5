/** What a list shows of a mail: the beginning of what its sender wrote. */
import { cutTo, oneLine } from './text.js'

const LONGEST = 140
/** Long quotations are not read to their end. */
const FAR = 20_000

const isQuoted = (line: string): boolean => /^\s*[>|]/.test(line)
/** On Monday, Bo <bo@example.com> wrote: */
const introducesQuote = (line: string): boolean =>
  /(?:wrote|writes|said|schrieb|écrit|ha scritto|escribió)\s*:\s*$/i.test(line.slice(-40))
const endsOwnText = (line: string): boolean =>
  /^(?:-- ?|_{20,}|-{3,}\s*(?:original message|forwarded|ursprüngliche nachricht).*)\r?$/i.test(
    line.slice(0, 200),
  )

const ownLines = (text: string): string => {
  let own = ''
  for (const line of text.split('\n')) {
    if (endsOwnText(line) && own !== '') break
    if (isQuoted(line) || introducesQuote(line)) continue
    own += `${line} `
    if (own.length > 4 * LONGEST) break
  }
  return own
}

/** At most 140 characters on one line: without quotations and signature, unless there is nothing else. */
export const previewOf = (text: string): string => {
  const near = text.slice(0, FAR)
  const preview = oneLine(ownLines(near)) || oneLine(near.slice(0, 4 * LONGEST))
  return cutTo(preview, LONGEST)
}
