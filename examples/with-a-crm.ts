/** A ticket and a deal from a conversation, and what stands beside it. */
import {
  addIdentity,
  close,
  connectChannel,
  createContact,
  createDeal,
  createTicket,
  hideMessage,
  unhideMessage,
  user,
  type Crm,
} from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox } from '@threadbook/inbox'
import type { Adapters } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'

const ada = user('ada')

const mail = `From: Bo Ek <bo@example.com>
To: support@example.com
Subject: My lamp
Message-ID: <1@bo.example.com>

It is broken. My card is 4000 1234.
`

/** The answer, where there is one; in these examples a refusal is a mistake. */
const right = <A>(answer: E.Either<{ readonly type: string }, A>): A => {
  if (E.isLeft(answer)) throw new Error(answer.left.type)
  return answer.right
}

export const withACrm = async (
  crm: Crm,
  print: (line: string) => void,
  open: () => Promise<Adapters> = memory,
) => {
  // #region open
  const inbox = await openInbox(await open(), { crm })
  // #endregion open
  right(
    await inbox.execute(
      connectChannel({
        inboxId: 'support',
        channel: 'email',
        address: 'support@example.com',
        actor: ada,
      }),
    ),
  )
  const { contactId } = right(await inbox.execute(createContact({ name: 'Bo Ek', actor: ada })))
  const bo = { kind: 'email', address: 'bo@example.com' } as const
  right(await inbox.execute(addIdentity({ contactId: contactId!, ...bo, actor: ada })))
  const { conversationId, messageId } = right(await receiveMail(inbox, Buffer.from(mail)))

  // #region create
  const about = { conversationId, actor: ada }
  right(await inbox.execute(createTicket({ ...about, name: 'Broken lamp' })))
  right(await inbox.execute(createDeal({ ...about, name: 'Ten lamps' })))
  await inbox.settled() // the CRM does its part behind the log
  // #endregion create

  // #region sidebar
  const { tickets, deals, feedback } = right(await inbox.sidebar(conversationId))
  if (tickets.present) print(`${tickets.tickets[0]!.name ?? '?'}: ${tickets.tickets[0]!.status}`)
  if (deals.present) print(deals.deals[0]!.name)
  if (!feedback.present) print(`no feedback: ${feedback.reason}`)
  // #endregion sidebar

  // #region timeline
  const record = { type: 'contact', id: contactId! } as const
  const logged = async () => right(await inbox.timeline(record)).length
  print(`logged: ${String(await logged())}`)
  right(await inbox.execute(hideMessage({ ...about, messageId })))
  print(`while it is hidden: ${String(await logged())}`)
  right(await inbox.execute(unhideMessage({ ...about, messageId })))
  print(`and again: ${String(await logged())}`)
  // #endregion timeline

  // #region close
  right(await inbox.execute(close({ ...about, withTickets: true })))
  await inbox.settled()
  // #endregion close
  const after = right(await inbox.sidebar(conversationId)).tickets
  if (after.present) print(after.tickets[0]!.status)
  await inbox.close()
}
