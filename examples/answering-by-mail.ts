/** An answer goes out, and the thread tells what became of it. */
import { compose, connectChannel, reply, user } from '@threadbook/core'
import { receiveMail, smtp } from '@threadbook/email'
import { openInbox, type Delivery } from '@threadbook/inbox'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'

// #region smtp
export const bySmtp = (pass: string): Delivery =>
  smtp({
    host: 'smtp.example.com',
    requireTLS: true,
    auth: { user: 'support@example.com', pass },
    mentions: {
      addressOf: (userId) => Promise.resolve({ address: `${userId}@example.com` }),
      baseUrl: 'https://inbox.example.com',
    },
  })
// #endregion smtp

/** The answer, where there is one; in these examples a refusal is a mistake. */
const right = <A>(answer: E.Either<{ readonly type: string }, A>): A => {
  if (E.isLeft(answer)) throw new Error(answer.left.type)
  return answer.right
}

export const answeringByMail = async (mail: Uint8Array, delivery: Delivery) => {
  // #region answer
  const inbox = await openInbox(await memory(), { delivery })
  const channel = { channel: 'email', address: 'support@example.com' } as const
  await inbox.execute(connectChannel({ inboxId: 'support', ...channel, actor: 'system' }))
  const { conversationId } = right(await receiveMail(inbox, mail))

  const html = '<p>It is <b>on its way</b>.</p>'
  await inbox.execute(reply({ conversationId, html, actor: user('ada') }))
  await inbox.settled() // a test waits for what follows; a server need not

  const { entries } = right(await inbox.thread(conversationId))
  const statuses = entries.map((entry) => 'sending' in entry && entry.sending?.status)
  // #endregion answer
  await inbox.close()
  return statuses
}

export const composingWithAFile = async (plan: Uint8Array, delivery: Delivery) => {
  const inbox = await openInbox(await memory(), { delivery })
  const channel = { channel: 'email', address: 'support@example.com' } as const
  await inbox.execute(connectChannel({ inboxId: 'support', ...channel, actor: 'system' }))
  // #region compose
  const conversationId = right(await inbox.newMail())
  const file = { name: 'plan.pdf', mimeType: 'application/pdf', bytes: plan }
  const attachments = [right(await inbox.attach(conversationId, file))]

  const to = [{ address: 'zoe@example.com' }]
  const mail = { to, subject: 'The plan', text: 'As promised.', attachments }
  await inbox.execute(compose({ conversationId, ...mail, actor: user('ada') }))
  // #endregion compose
  await inbox.settled()
  await inbox.close()
}
