/** Files that hold mail, found under paths: in a fixed order, each folder once. */
import { readdirSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'

export interface Unreadable {
  readonly type: 'Unreadable'
  readonly reason: 'missing' | 'noPermission' | 'loop' | 'notAFile' | 'changed' | 'failed'
  readonly found: string
}
export interface UnreadablePath {
  readonly path: string
  readonly problem: Unreadable
}

export interface MailFile {
  readonly path: string
  readonly size: number
  /** In a Maildir every file is one mail. */
  readonly inMaildir: boolean
}

export const unreadable = (reason: Unreadable['reason'], found: string): Unreadable => ({
  type: 'Unreadable',
  reason,
  found,
})

const REASONS: Readonly<Record<string, Unreadable['reason']>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'noPermission',
  EPERM: 'noPermission',
  ELOOP: 'loop',
}

/** What a failed call to the file system says. */
export const unreadableBecause = (error: unknown): Unreadable => {
  // Told by its code: an error of another realm is no instance of Error.
  const code = String((error as { code?: unknown } | undefined)?.code ?? error)
  return unreadable(REASONS[code] ?? 'failed', code)
}

const idOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`

const kindOfFile = (stats: Stats): string => {
  if (stats.isFIFO()) return 'a pipe'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}

const isHidden = (name: string): boolean => name.startsWith('.')

const MAILDIR = ['cur', 'new']
const isMaildir = (names: readonly string[]): boolean =>
  MAILDIR.every((name) => names.includes(name))

/**
 * Folders are followed through links, each one once; `tmp` of a Maildir and what is hidden are left
 * out, but the hidden folders in a Maildir are its subfolders.
 */
export function* mailFilesUnder(paths: readonly string[]): Generator<MailFile | UnreadablePath> {
  const seen = new Set<string>()

  function* under(
    path: string,
    inMaildir: boolean,
    above: readonly string[],
  ): Generator<MailFile | UnreadablePath> {
    try {
      const stats = statSync(path)
      if (stats.isDirectory()) {
        const id = idOf(stats)
        if (above.includes(id)) {
          yield { path, problem: unreadable('loop', 'a folder that contains itself') }
        } else if (!seen.has(id)) {
          seen.add(id)
          yield* inFolder(path, inMaildir, [...above, id])
        }
      } else if (stats.isFile()) {
        yield { path, size: stats.size, inMaildir }
      } else {
        yield { path, problem: unreadable('notAFile', kindOfFile(stats)) }
      }
    } catch (error) {
      yield { path, problem: unreadableBecause(error) }
    }
  }

  function* inFolder(
    path: string,
    inMaildir: boolean,
    above: readonly string[],
  ): Generator<MailFile | UnreadablePath> {
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )
    const names = entries.map(({ name }) => name)
    if (!isMaildir(names)) {
      for (const name of names) {
        if (!isHidden(name)) yield* under(join(path, name), inMaildir, above)
      }
      return
    }
    for (const name of MAILDIR) yield* under(join(path, name), true, above)
    for (const entry of entries) {
      // Files beside `cur` and `new` are the mail server's own.
      if (!entry.isDirectory() || [...MAILDIR, 'tmp'].includes(entry.name)) continue
      yield* under(join(path, entry.name), false, above)
    }
  }

  for (const path of paths) yield* under(path, false, [])
}
