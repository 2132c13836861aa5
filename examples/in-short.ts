/** What the examples share: an inbox in memory with a mail address and a widget, and Ada in it. */
import { connectChannel, openAccount, user } from '@threadbook/core'
import { openInbox, type OpenOptions } from '@threadbook/inbox'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'

export const ada = user('ada')
export const bea = user('bea')

/** The answer, where there is one; in these examples a refusal is a mistake. */
export const right = <A>(answer: E.Either<{ readonly type: string }, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

export const openForExample = async (options: OpenOptions = {}) => {
  const inbox = await openInbox(await memory(), options)
  const opened = { createdOn: '2024-03-01', zone: 'Europe/Berlin', edition: 'enterprise' } as const
  right(await inbox.execute(openAccount({ ...opened, actor: 'system' })))
  const on = { inboxId: 'support', actor: 'system' } as const
  right(
    await inbox.execute(connectChannel({ ...on, channel: 'email', address: 'us@acme.example' })),
  )
  right(await inbox.execute(connectChannel({ ...on, channel: 'chat', address: 'widget' })))
  return inbox
}

let mails = 0
/** A mail as it would come from outside. */
export const mailFrom = (address: string, text: string): Buffer =>
  Buffer.from(
    `From: ${address}\nTo: us@acme.example\nSubject: Hello\nMessage-ID: <${String(++mails)}@there.example>\n\n${text}\n`,
  )
