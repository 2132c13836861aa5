/** Where the mails of an mbox begin and end. The file is read as a stream: no mail is held in memory. */
import { readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { arrivalOf, type Arrival } from './arrival.js'
import { parseMailTime } from './mail-date.js'
import { HEAD_BYTES, headOf } from './mail-head.js'

export interface MboxMail extends Arrival {
  /** After the separator line, in bytes. */
  readonly offset: number
  /** Without the empty line before the next separator. */
  readonly length: number
}

const LF = 0x0a
const CR = 0x0d
const GT = 0x3e
const LF_FROM = Buffer.from('\nFrom ')
const ESCAPED_FROM = Buffer.from('>From ')

const LONGEST_LINE = 1024
/** What has to be in view to judge a separator, and to read the head of the mail after it. */
const AHEAD = 2 * LONGEST_LINE + HEAD_BYTES
/** What has to be in view to see whether an empty line comes before. */
const BEHIND = 3
const CHUNK = 1024 * 1024

/** From bo@example.com Mon Sep  2 13:05:09 2002 */
const SEPARATOR = /^From (?:.{0,300}? )? ?((?:(?:mon|tue|wed|thu|fri|sat|sun)|\d).*)$/i
const HEADER_LINE = /^(?:[!-9;-~]+[ \t]*:|>?From )/

interface Line {
  readonly text: string
  readonly next: number
  readonly ended: boolean
}
const lineAt = (bytes: Buffer, at: number): Line => {
  const view = bytes.subarray(at, at + LONGEST_LINE)
  const end = view.indexOf(LF)
  const ended = end >= 0
  return {
    text: view.toString('latin1', 0, ended ? end : view.length).trimEnd(),
    next: at + (ended ? end + 1 : view.length),
    ended,
  }
}

interface Separator {
  readonly next: number
  readonly time: number
}

/** A line that begins with "From ", has a date, and is followed by a header field or the file's end. */
export const separatorAt = (bytes: Buffer, at: number): Separator | undefined => {
  const line = lineAt(bytes, at)
  const time = parseMailTime(SEPARATOR.exec(line.text)?.[1] ?? '')
  if (time === undefined || !line.ended) return undefined
  const after = lineAt(bytes, line.next)
  return HEADER_LINE.test(after.text) || !after.ended ? { next: line.next, time } : undefined
}

/** Length of the empty line that ends right before `at`; 0 where there is none. */
const emptyLineBefore = (bytes: Buffer, at: number): number => {
  if (bytes[at - 1] !== LF) return 0
  if (bytes[at - 2] === LF) return 1
  return bytes[at - 2] === CR && bytes[at - 3] === LF ? 2 : 0
}

/** Index of the first byte that is no line end. */
const afterEmptyLines = (bytes: Buffer): number => {
  let at = 0
  while (bytes[at] === LF || bytes[at] === CR) at++
  return at
}

/** What comes before the first separator is a mail, too: nothing is passed over in silence. */
export async function* mailsOfMbox(file: number): AsyncGenerator<MboxMail> {
  const window = Buffer.allocUnsafe(BEHIND + CHUNK + AHEAD)
  let view = window.subarray(0, 0)
  /** Where in the file the window begins. */
  let base = 0
  /** Where in the window the search goes on. */
  let from = 0
  let open: (Arrival & { readonly offset: number }) | undefined

  const begin = (at: number, separatorTime?: number): void => {
    open = { offset: base + at, ...arrivalOf(headOf(view, at), separatorTime) }
    from = at
  }
  const closedAt = (at: number): readonly MboxMail[] => {
    const end = base + at - emptyLineBefore(view, at)
    return open === undefined || end <= open.offset ? [] : [{ ...open, length: end - open.offset }]
  }

  for (;;) {
    const read = readSync(file, window, view.length, CHUNK, base + view.length)
    view = window.subarray(0, view.length + read)
    if (open === undefined) {
      const first = afterEmptyLines(view)
      const separator = separatorAt(view, first)
      begin(separator?.next ?? first, separator?.time)
    }
    const limit = read === 0 ? view.length : view.length - AHEAD
    for (;;) {
      const at = view.indexOf(LF_FROM, from) + 1
      if (at === 0 || at >= limit) break
      const separator = emptyLineBefore(view, at) > 0 ? separatorAt(view, at) : undefined
      if (separator === undefined) {
        from = at
      } else {
        yield* closedAt(at)
        begin(separator.next, separator.time)
      }
    }
    if (read === 0) return yield* closedAt(view.length)

    const passed = Math.max(0, limit - BEHIND)
    window.copyWithin(0, passed, view.length)
    view = window.subarray(0, view.length - passed)
    base += passed
    from = Math.max(0, from - passed)
    // The next chunk can wait for whoever else has something to do.
    await setImmediate()
  }
}

/** Takes back what kept lines of a body from being separators: one `>` before `From ` (mboxrd). */
export const unescaped = (raw: Buffer): Buffer => {
  let found = raw.indexOf(ESCAPED_FROM)
  if (found < 0) return raw
  const result = Buffer.allocUnsafe(raw.length)
  let read = 0
  let written = 0
  for (; found >= 0; found = raw.indexOf(ESCAPED_FROM, found + 1)) {
    let lineStart = found
    while (raw[lineStart - 1] === GT) lineStart--
    if (lineStart > 0 && raw[lineStart - 1] !== LF) continue
    written += raw.copy(result, written, read, lineStart)
    read = lineStart + 1
  }
  written += raw.copy(result, written, read)
  return result.subarray(0, written)
}
