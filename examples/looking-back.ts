/** Why a conversation is where it is, and what a view showed then. */
import { assign, close, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import type { Inbox } from '@threadbook/inbox'
import { ada, bea, mailFrom, openForExample, right } from './in-short.js'

const noon = Date.parse('2026-03-02T12:00:00.000Z')
let minutes = 0
const clock = { now: () => new Date(noon + minutes++ * 60_000).toISOString() }

// #region explain
const whyNot = async (inbox: Inbox, conversationId: string, print: (line: string) => void) => {
  const explained = await inbox.explain(conversationId, 'unassigned', { viewer: 'ada' })
  const { isIn, transitions, terms } = right(explained)
  print(isIn ? 'it is there' : 'it is not there')
  for (const { change, because, turned } of transitions)
    if (because.type === 'event')
      print(`${change} by ${because.event} of ${because.actor} ${turned.join(', ')}`.trim())
  for (const { text, holds, found } of terms) if (!holds) print(`${text}, but ${String(found)}`)
}
// #endregion explain

// #region asof
const shownAt = async (inbox: Inbox, at: string) => {
  const page = right(await inbox.views.list('unassigned', { viewer: 'ada', asOf: { at } }))
  return page.items.map(({ subject, status, owner }) => ({ subject, status, owner }))
}
// #endregion asof

export const lookingBack = async (print: (line: string) => void): Promise<void> => {
  await using inbox = await openForExample({ clock })
  const { conversationId } = right(
    await receiveMail(inbox, mailFrom('zoe@there.example', 'Where is it?')),
  )
  const then = clock.now()
  right(await inbox.execute(assign({ conversationId, owner: bea, actor: ada })))
  right(await inbox.execute(close({ conversationId, actor: user('bea') })))
  await whyNot(inbox, conversationId, print)
  print(JSON.stringify(await shownAt(inbox, then)))
}
