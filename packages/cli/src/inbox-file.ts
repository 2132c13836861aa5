/** The inbox in a file, as all commands open it. */
import { existsSync } from 'node:fs'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { sqlite } from '@threadbook/sqlite'
import * as E from 'fp-ts/lib/Either.js'
import { clean } from './terminal-text.js'

const IN_MEMORY = ':memory:'

export const isThere = (db: string): boolean => db === IN_MEMORY || existsSync(db)

export const missing = (db: string): string =>
  `${clean(db)}: there is no such file; import mail into it first`

/** Does the work with the inbox open, and closes it whatever happens. A Left says why it cannot be. */
export const withInbox = async <A>(
  { db, inbox: name }: { readonly db: string; readonly inbox: string },
  work: (inbox: Inbox) => Promise<E.Either<string, A>>,
): Promise<E.Either<string, A>> => {
  let inbox: Inbox
  try {
    inbox = await openInbox(await sqlite(db), { inbox: name })
  } catch (error) {
    return E.left(clean(error instanceof Error ? error.message : String(error)))
  }
  try {
    return await work(inbox)
  } finally {
    await inbox.close()
  }
}
