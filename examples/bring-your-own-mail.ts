/** All the mail of a team, from wherever it was kept, into one inbox. */
import { connectChannel } from '@threadbook/core'
import { importMails } from '@threadbook/email'
import { openInbox } from '@threadbook/inbox'
import type { Adapters } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'

export const bringYourOwnMail = async (
  adapters: Adapters,
  paths: readonly string[],
  print: (line: string) => void,
) => {
  const inbox = await openInbox(adapters)
  // #region import
  await inbox.execute(
    connectChannel({
      inboxId: 'support',
      channel: 'email',
      address: 'support@example.com', // mail from here was sent by the team
      actor: 'system',
    }),
  )
  const imported = await importMails(inbox, paths, {
    onProgress: (done, total) => print(`${done} of ${total}`),
    onRejected: ({ path, problem }) => print(`${path}: ${problem.type}`),
  })
  if (E.isRight(imported)) {
    const { read, received, duplicates, rejected } = imported.right
    print(`${read} read: ${received} new, ${duplicates} known, ${rejected} rejected`)
  }
  // #endregion import
  await inbox.close()
}
