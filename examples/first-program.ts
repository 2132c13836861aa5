// #region program
import { assign, connectChannel, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox } from '@threadbook/inbox'
import type { Adapters } from '@threadbook/sourcing'
import { sqlite } from '@threadbook/sqlite'
import * as E from 'fp-ts/lib/Either.js'

const ada = user('ada')
const channel = { inboxId: 'support', channel: 'email', address: 'support@example.com' } as const

/** A mail comes in, Ada takes it, and finds it among hers. */
export const firstProgram = async (
  mail: string,
  store: Promise<Adapters> = sqlite('support.db'),
) => {
  const inbox = await openInbox(await store)
  await inbox.execute(connectChannel({ ...channel, actor: ada }))

  const received = await receiveMail(inbox, Buffer.from(mail))
  if (E.isLeft(received)) throw new Error(`not received: ${received.left.type}`)
  const { conversationId } = received.right
  await inbox.execute(assign({ conversationId, owner: ada, actor: ada }))

  await inbox.caughtUp()
  const mine = await inbox.views.list('assignedToMe', { viewer: 'ada' })
  await inbox.close()
  return mine
}
// #endregion program
