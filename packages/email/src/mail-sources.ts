/**
 * Raw mails from files, mboxes, Maildirs and folders, oldest first. A first pass notes where each
 * mail is and when it arrived (about 100 bytes of memory a mail), a second one reads them, so that
 * neither the order of files nor the size of a mailbox matters.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { extname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { arrivalOf, type Arrival } from './arrival.js'
import { mailFilesUnder, unreadable, unreadableBecause } from './mail-files.js'
import type { MailFile, Unreadable, UnreadablePath } from './mail-files.js'
import { HEAD_BYTES, headOf, startOfMail } from './mail-head.js'
import type { MailRejected } from './mail.js'
import { mailsOfMbox, separatorAt, unescaped } from './mbox.js'
import { checkMailSize } from './read-mail.js'

/** Where a mail is, in bytes. */
export interface MailPlace {
  readonly path: string
  readonly offset: number
  readonly length: number
}

interface IndexedMail extends MailPlace, Arrival {
  readonly inMbox: boolean
}

export interface MailIndex {
  /** Oldest first. */
  readonly mails: readonly IndexedMail[]
  readonly problems: readonly UnreadablePath[]
}

export interface RawMail extends MailPlace {
  readonly raw: Uint8Array
  /** When the mail reached the mailbox: by its topmost Received, Date or mbox separator. */
  readonly receivedAt?: string
}

/** A path or one mail in it that was not read. */
export interface UnreadMail extends Partial<MailPlace> {
  readonly path: string
  readonly problem: Unreadable | MailRejected
}

/** File calls between two chances for others; a local file takes some 20 µs. */
const FILES_AT_ONCE = 100
/** Open mboxes at the same time: mails of several alternate. */
const OPEN_FILES = 16

/** Runs `use` on the open file, which is closed in any case. */
const withFile = <A>(path: string, use: (file: number) => A): A => {
  const file = openSync(path, 'r')
  try {
    return use(file)
  } finally {
    closeSync(file)
  }
}

/** Fewer bytes than asked for where the file ends before. */
const readBytes = (file: number, offset: number, length: number): Buffer => {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const read = readSync(file, bytes, filled, length - filled, offset + filled)
    if (read === 0) break
    filled += read
  }
  return bytes.subarray(0, filled)
}

const isMbox = ({ path, inMaildir }: MailFile, head: Buffer): boolean => {
  if (inMaildir) return false
  const extension = extname(path).toLowerCase()
  if (extension === '.mbox' || extension === '.mbx') return true
  return extension !== '.eml' && extension !== '.txt' && separatorAt(head, 0) !== undefined
}

const oneMail = ({ path, size }: MailFile, head: Buffer): IndexedMail => ({
  path,
  offset: 0,
  length: size,
  inMbox: false,
  ...arrivalOf(headOf(head, startOfMail(head)), separatorAt(head, 0)?.time),
})

async function* mailsIn(file: MailFile): AsyncGenerator<IndexedMail> {
  const { path } = file
  const head = withFile(path, (open) => readBytes(open, 0, Math.min(file.size, HEAD_BYTES)))
  if (!isMbox(file, head)) {
    yield oneMail(file, head)
    return
  }
  const open = openSync(path, 'r')
  try {
    for await (const mail of mailsOfMbox(open)) yield { path, inMbox: true, ...mail }
  } finally {
    closeSync(open)
  }
}

const compare = <A extends number | string>(a: A, b: A): number => (a < b ? -1 : a > b ? 1 : 0)

/** Mails whose time is unknown come last. */
const oldestFirst = (a: IndexedMail, b: IndexedMail): number =>
  compare(a.time ?? Infinity, b.time ?? Infinity) ||
  compare(a.tie, b.tie) ||
  compare(a.path, b.path) ||
  compare(a.offset, b.offset)

/** What cannot be read is among the problems; an mbox that fails half-way gives what came before, too. */
export const indexMails = async (
  paths: readonly string[],
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<MailIndex> => {
  const mails: IndexedMail[] = []
  const problems: UnreadablePath[] = []
  let files = 0
  for (const file of mailFilesUnder(paths)) {
    if (++files % FILES_AT_ONCE === 0) await setImmediate()
    signal?.throwIfAborted()
    if ('problem' in file) {
      problems.push(file)
      continue
    }
    try {
      for await (const mail of mailsIn(file)) mails.push(mail)
    } catch (error) {
      problems.push({ path: file.path, problem: unreadableBecause(error) })
    }
  }
  return { mails: mails.sort(oldestFirst), problems }
}

/** Keeps the last few files open. */
const openFiles = () => {
  const files = new Map<string, number>()
  const close = (path: string, file: number): void => {
    files.delete(path)
    closeSync(file)
  }
  return {
    open: (path: string): number => {
      const known = files.get(path)
      if (known !== undefined) return known
      const [oldest] = files
      if (oldest !== undefined && files.size === OPEN_FILES) close(...oldest)
      const file = openSync(path, 'r')
      files.set(path, file)
      return file
    },
    closeAll: (): void => files.forEach((file, path) => close(path, file)),
  }
}

const changed = (found: number, { length }: MailPlace): Unreadable =>
  unreadable('changed', `${found} bytes where ${length} were`)

/** A file that has grown since is not read: what was its end may be the middle of a mail now. */
const readWhole = (place: MailPlace): E.Either<Unreadable, Buffer> =>
  withFile(place.path, (file) => {
    const { size } = fstatSync(file)
    const raw = readBytes(file, 0, place.length)
    return size === place.length && raw.length === size
      ? E.right(raw)
      : E.left(changed(size, place))
  })

const readPart = (file: number, place: MailPlace): E.Either<Unreadable, Buffer> => {
  const raw = readBytes(file, place.offset, place.length)
  return raw.length === place.length ? E.right(unescaped(raw)) : E.left(changed(raw.length, place))
}

/** First the problems, then the mails, oldest first. What is larger than `maxBytes` (25 MB) is not read. */
export async function* readMails(
  { mails, problems }: MailIndex,
  { maxBytes }: { readonly maxBytes?: number } = {},
): AsyncGenerator<RawMail | UnreadMail> {
  yield* problems
  const files = openFiles()
  const read = (place: MailPlace, inMbox: boolean): E.Either<Unreadable | MailRejected, Buffer> => {
    const size = checkMailSize(place.length, maxBytes)
    if (E.isLeft(size)) return size
    try {
      return inMbox ? readPart(files.open(place.path), place) : readWhole(place)
    } catch (error) {
      return E.left(unreadableBecause(error))
    }
  }
  let count = 0
  try {
    for (const { path, offset, length, inMbox, time } of mails) {
      if (++count % FILES_AT_ONCE === 0) await setImmediate()
      const place = { path, offset, length }
      const raw = read(place, inMbox)
      const arrival = time !== undefined && { receivedAt: new Date(time).toISOString() }
      if (E.isLeft(raw)) yield { ...place, problem: raw.left }
      else yield { ...place, ...arrival, raw: raw.right }
    }
  } finally {
    files.closeAll()
  }
}
