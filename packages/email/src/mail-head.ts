/** The header block of a raw mail, read without parsing the rest. */

const LF = 0x0a
const CR = 0x0d

/** Heads are looked at no further than this; what matters here stands near the top. */
export const HEAD_BYTES = 16 * 1024

/** Where the mail begins: after a byte order mark, empty lines and a leading mbox separator. */
export const startOfMail = (raw: Uint8Array): number => {
  let at = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? 3 : 0
  while (raw[at] === LF || raw[at] === CR) at++
  const escaped = raw[at] === 0x3e ? 1 : 0
  const isFrom = [0x46, 0x72, 0x6f, 0x6d, 0x20].every((byte, i) => raw[at + escaped + i] === byte)
  if (!isFrom) return at
  const end = raw.indexOf(LF, at)
  return end < 0 ? raw.length : end + 1
}

/** Index of the first byte of the body; the end where there is no empty line. */
export const startOfBody = (raw: Uint8Array, start: number): number => {
  for (let at = start; at < raw.length;) {
    const end = raw.indexOf(LF, at)
    if (end < 0) return raw.length
    if (end === at || (end === at + 1 && raw[at] === CR)) return end + 1
    at = end + 1
  }
  return raw.length
}

/** The first header fields as text, one character a byte. */
export const headOf = (raw: Uint8Array, start = 0): string => {
  const window = raw.subarray(start, start + HEAD_BYTES)
  const { buffer, byteOffset } = window
  return Buffer.from(buffer, byteOffset, startOfBody(window, 0)).toString('latin1')
}

const pattern = (name: string) => new RegExp(`^${name}[ \\t]*:(.*(?:\\r?\\n[ \\t].*)*)`, 'gim')
const patterns = new Map<string, RegExp>()

/** The values of a field, from the top, unfolded. */
export const fieldsOf = (head: string, name: string): readonly string[] => {
  let matcher = patterns.get(name)
  if (matcher === undefined) patterns.set(name, (matcher = pattern(name)))
  return [...head.matchAll(matcher)].map(([, value]) => (value ?? '').replace(/\r?\n/g, ' ').trim())
}

const KNOWN =
  /^(?:return-path|received|delivered-to|from|sender|reply-to|to|cc|date|subject|message-id|mime-version)[ \t]*:/im

/** A mail's first line is a header field, and one of its fields is one that mails have. */
export const looksLikeMail = (head: string): boolean =>
  /^[!-9;-~]+[ \t]*:/.test(head) && KNOWN.test(head)
