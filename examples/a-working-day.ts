/** What a team does with a conversation from morning to evening, and what time does afterwards. */
import {
  assign,
  close,
  comment,
  connectChannel,
  purge,
  reply,
  restore,
  trash,
  user,
} from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox } from '@threadbook/inbox'
import type { Adapters } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'

const ada = user('ada')
const bea = user('bea')

const morningMail = `From: Bo Ek <bo@example.com>
To: support@example.com
Subject: Where is my order?
Message-ID: <1@bo.example.com>

It should have come on Monday.
`

const eveningMail = `From: Bo Ek <bo@example.com>
To: support@example.com
Subject: Re: Where is my order?
Message-ID: <2@bo.example.com>
In-Reply-To: <1@bo.example.com>

It came. Thank you!
`

/** The answer, where there is one; in these examples a refusal is a mistake. */
const right = <A>(answer: E.Either<{ readonly type: string }, A>): A => {
  if (E.isLeft(answer)) throw new Error(answer.left.type)
  return answer.right
}

export const aWorkingDay = async (
  print: (line: string) => void,
  open: () => Promise<Adapters> = memory,
) => {
  // #region open
  const inbox = await openInbox(await open(), { account: 'acme', inbox: 'support' })
  await inbox.execute(
    connectChannel({
      inboxId: 'support',
      channel: 'email',
      address: 'support@acme.example',
      actor: 'system',
    }),
  )
  // #endregion open

  // #region receive
  const received = await receiveMail(inbox, Buffer.from(morningMail))
  if (E.isLeft(received)) throw new Error(`not received: ${received.left.type}`)
  const { conversationId } = received.right

  const again = await receiveMail(inbox, Buffer.from(morningMail))
  if (E.isRight(again)) print(again.right.outcome) // duplicate
  // #endregion receive

  // #region work
  await inbox.execute(assign({ conversationId, owner: ada, actor: bea }))
  await inbox.execute(comment({ conversationId, text: 'A good customer.', actor: bea }))
  await inbox.execute(reply({ conversationId, text: 'It is on its way.', actor: ada }))
  await inbox.execute(close({ conversationId, actor: ada }))
  // #endregion work

  // #region refusal
  const refused = await inbox.execute(purge({ conversationId, actor: ada }))
  if (E.isLeft(refused)) print(refused.left.type) // ConversationNotInTrash
  // #endregion refusal

  // #region command-id
  const once = { conversationId, text: 'Call him tomorrow.', actor: bea, commandId: 'note-1' }
  const first = await inbox.execute(comment(once))
  const second = await inbox.execute(comment(once))
  // #endregion command-id
  print(`${right(first).receipts[0]?.outcome}, ${right(second).receipts[0]?.outcome}`)

  // #region views
  await inbox.caughtUp() // at once where the log and the views are in one place
  const closed = await inbox.views.list('allClosed', { limit: 20 })
  if (E.isRight(closed))
    for (const { contact, subject, preview } of closed.right.items)
      print(JSON.stringify({ name: contact?.name, subject, preview }))

  const counts = await inbox.views.counts({ viewer: 'ada' })
  if (E.isRight(counts)) print(`${counts.right.views.assignedToMe} of Ada's are open`)
  // #endregion views

  // #region reopened
  await receiveMail(inbox, Buffer.from(eveningMail))
  await inbox.caughtUp()
  const mine = await inbox.views.list('assignedToMe', { viewer: 'ada' })
  // #endregion reopened
  print(`${right(mine).items.length} is open again`)

  // #region thread
  const thread = await inbox.thread(conversationId, { viewer: 'ada' })
  if (E.isRight(thread))
    for (const entry of thread.right.entries) print(`${entry.type} by ${entry.actor}`)
  // #endregion thread

  // #region trash
  await inbox.execute(trash({ conversationId, actor: ada }))
  await inbox.execute(restore({ conversationId, actor: ada })) // where it was, as it was
  await inbox.execute(trash({ conversationId, actor: ada }))
  // #endregion trash

  // #region tick
  await inbox.caughtUp()
  const inAMonth = new Date(Date.now() + 31 * 24 * 60 * 60 * 1000).toISOString()
  const ticked = await inbox.tick(inAMonth)
  if (E.isRight(ticked)) print(`${ticked.right.purged.length} purged`)
  // #endregion tick
  print(E.isLeft(await inbox.thread(conversationId)) ? 'gone for good' : 'still there')

  // #region close
  await inbox.close()
  // #endregion close
}
