/** Mailboxes into an inbox: oldest mail first, many mails a commit, each mail once. */
import type { Inbox } from '@threadbook/inbox'
import { isNonEmpty, type CommandFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { takeInMails, type ArrivedMail, type IntakeRefusal, type Received } from './intake.js'
import { indexMails, readMails, type UnreadMail } from './mail-sources.js'
import { readMailOnce } from './read-mail.js'

/** A mail that did not come in, or a path that could not be read, and why. */
export interface NotImported extends Omit<UnreadMail, 'problem'> {
  readonly problem: UnreadMail['problem'] | IntakeRefusal | CommandFault
}

/** No further mail could come in either. */
export type ImportStopped = Extract<
  IntakeRefusal | CommandFault,
  { readonly type: 'Unavailable' | 'TooManyConflicts' | 'NoSuchInbox' | 'NoChannelConnected' }
>

const isStopped = (fault: IntakeRefusal | CommandFault): fault is ImportStopped =>
  ['Unavailable', 'TooManyConflicts', 'NoSuchInbox', 'NoChannelConnected'].includes(fault.type)

export interface Imported {
  /** received + duplicates + rejected */
  readonly read: number
  readonly received: number
  readonly duplicates: number
  /** Mails that did not come in, and paths that could not be read. */
  readonly rejected: number
}

export interface ImportOptions {
  /** Larger mail is rejected before it is read; 25 MB unless told. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  readonly onRejected?: (rejected: NotImported) => void
}

/** A commit holds at most so many mails, and ends with the one that exceeds so many raw bytes. */
const MAILS_A_COMMIT = 64
const BYTES_A_COMMIT = 2_000_000

interface Waiting extends ArrivedMail {
  readonly path: string
  readonly offset: number
  readonly length: number
}

/**
 * Brings all mail found under the paths into the inbox that the front door means. Killed at any
 * moment and run again, it ends as if undisturbed. A Left says what stopped
 * it; what was committed before stays. An abort rejects, between two commits.
 */
export const importMails = async (
  inbox: Inbox,
  paths: readonly string[],
  { maxBytes, signal, onProgress, onRejected }: ImportOptions = {},
): Promise<E.Either<ImportStopped, Imported>> => {
  const limits = maxBytes === undefined ? {} : { maxBytes }
  const index = await indexMails(paths, signal === undefined ? {} : { signal })
  const total = index.mails.length + index.problems.length
  const counts = { received: 0, duplicates: 0, rejected: 0 }
  const done = () => counts.received + counts.duplicates + counts.rejected
  const reject = (rejected: NotImported) => {
    counts.rejected++
    onRejected?.(rejected)
  }
  const count = ({ outcome }: Received) => {
    if (outcome === 'received') counts.received++
    else counts.duplicates++
  }

  /** All in one commit; where one of them is refused, each in a commit of its own. */
  const takeIn = async (mails: readonly Waiting[]): Promise<E.Either<ImportStopped, void>> => {
    if (!isNonEmpty(mails)) return E.right(undefined)
    const taken = await takeInMails(inbox, mails)
    if (E.isRight(taken)) taken.right.forEach(count)
    else if (isStopped(taken.left)) return E.left(taken.left)
    else if (mails.length === 1) {
      const { path, offset, length } = mails[0]
      reject({ path, offset, length, problem: taken.left })
    } else
      for (const mail of mails) {
        const alone = await takeIn([mail])
        if (E.isLeft(alone)) return alone
      }
    onProgress?.(done(), total)
    return E.right(undefined)
  }

  let waiting: Waiting[] = []
  let bytes = 0
  for await (const found of readMails(index, limits)) {
    if ('problem' in found) {
      reject(found)
      continue
    }
    const { raw, receivedAt, path, offset, length } = found
    const mail = await readMailOnce(raw, limits)
    if (E.isLeft(mail)) {
      reject({ path, offset, length, problem: mail.left })
      continue
    }
    waiting.push({ mail: mail.right, receivedAt, path, offset, length })
    bytes += length
    if (waiting.length < MAILS_A_COMMIT && bytes < BYTES_A_COMMIT) continue
    const taken = await takeIn(waiting)
    if (E.isLeft(taken)) return taken
    signal?.throwIfAborted()
    waiting = []
    bytes = 0
  }
  const taken = await takeIn(waiting)
  onProgress?.(done(), total)
  return E.isLeft(taken) ? taken : E.right({ read: done(), ...counts })
}
