/** The main job: mail into the inbox, each once, and then its views. */
import { connectChannel } from '@threadbook/core'
import { importMails, type Imported } from '@threadbook/email'
import type { Inbox } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import type { ImportArguments } from './arguments.js'
import { corpusMails } from './corpus.js'
import { importedWords } from './imported-words.js'
import { withInbox } from './inbox-place.js'
import { notImportedLine, stoppedWords } from './problem-words.js'
import { progressOn } from './progress.js'
import type { Screen } from './screen.js'
import { summary, viewsAsText } from './show-views.js'
import { clean } from './terminal-text.js'
import { counted } from './words.js'

export interface Finished {
  /** What to print. */
  readonly output: string
  readonly outcome: 'imported' | 'someRejected' | 'interrupted'
}

export interface ImportWorld {
  readonly screen: Screen
  /** Where progress and rejections are told. */
  readonly notes: NodeJS.WriteStream
  /** Ends the import after the commit at hand. */
  readonly signal: AbortSignal
  /** Where the corpus may be installed. */
  readonly bases: readonly string[]
}

const GO_ON = 'What was imported stays; the same command again goes on from there.'

const connect = async (
  inbox: Inbox,
  { inbox: inboxId, teamAddress }: ImportArguments,
): Promise<E.Either<string, void>> => {
  const connected = await inbox.execute(
    connectChannel({ inboxId, channel: 'email', address: teamAddress, actor: 'system' }),
  )
  return E.isLeft(connected)
    ? E.left(
        `${clean(teamAddress)} could not be connected: ${clean(JSON.stringify(connected.left))}`,
      )
    : E.right(undefined)
}

const stoppedBefore = (fault: { readonly type: string }): string =>
  `the views could not catch up: ${clean(JSON.stringify(fault))}\n${GO_ON}`

/** Undefined where it was ended from outside. */
const take = async (
  inbox: Inbox,
  paths: readonly string[],
  maxBytes: number,
  { notes, signal }: ImportWorld,
): Promise<E.Either<string, Imported | undefined>> => {
  const progress = progressOn(notes, 'Importing')
  let done = 0
  try {
    const imported = await importMails(inbox, paths, {
      maxBytes,
      signal,
      onProgress: (soFar, total) => {
        done = soFar
        progress.at(soFar, total)
      },
      onRejected: (rejected) => progress.say(notImportedLine(rejected)),
    })
    progress.end()
    return E.isLeft(imported)
      ? E.left(`stopped after ${counted(done, 'mail')}: ${stoppedWords(imported.left)}\n${GO_ON}`)
      : imported
  } catch (error) {
    progress.end()
    if (!signal.aborted) throw error
    notes.write(`Ended after ${counted(done, 'mail')}. ${GO_ON}\n`)
    return E.right(undefined)
  }
}

export const importMail = async (
  asked: ImportArguments,
  world: ImportWorld,
): Promise<E.Either<string, Finished>> => {
  const paths = asked.paths.length > 0 ? E.right(asked.paths) : corpusMails(world.bases)
  if (E.isLeft(paths)) return paths
  return withInbox(asked, async (inbox): Promise<E.Either<string, Finished>> => {
    const connected = await connect(inbox, asked)
    if (E.isLeft(connected)) return connected
    const started = performance.now()
    const taken = await take(inbox, paths.right, asked.maxMailSize, world)
    if (E.isLeft(taken)) return taken
    const imported = taken.right
    if (imported === undefined) return E.right({ output: '', outcome: 'interrupted' })
    const caughtUp = await inbox.caughtUp()
    if (E.isLeft(caughtUp)) return E.left(stoppedBefore(caughtUp.left))
    const seconds = (performance.now() - started) / 1000
    const { read, received, duplicates, rejected } = imported
    const outcome = rejected > 0 ? 'someRejected' : 'imported'
    if (asked.json) {
      const messages = { read, received, duplicates, rejected }
      const told = await summary(inbox, asked.as, { messages })
      return E.isLeft(told) ? told : E.right({ output: told.right, outcome })
    }
    const shown = await viewsAsText(inbox, asked.as, world.screen)
    if (E.isLeft(shown)) return shown
    return E.right({
      output: `${importedWords(imported, asked, seconds)}\n\n${shown.right}`,
      outcome,
    })
  })
}
