/** A list of one's own, kept right with ours: how much comes in and goes out for each conversation. */
import { reply, type ConversationEvent } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { filters, remove, type Projection, type Rows } from '@threadbook/sourcing'
import { ada, mailFrom, openForExample, right } from './in-short.js'

// #region projection
type TrafficRow = { account: string; received: number; sent: number }

const traffic: Projection<TrafficRow, ConversationEvent> = {
  name: 'traffic',
  version: 1, // another number makes the list anew from the log
  table: {
    name: 'traffic',
    columns: { account: 'text', received: 'number', sent: 'number' },
    indexes: [],
  },
  categories: ['conversation'],
  on: {
    ConversationStarted: (_, { metadata }) => ({ account: metadata.account, received: 0, sent: 0 }),
    MessageReceived: (row) => {
      if (row) row.received += 1
    },
    MessageSent: (row) => {
      if (row) row.sent += 1
    },
    Purged: () => remove,
  },
}
// #endregion projection

export const yourOwnProjection = async (print: (line: string) => void) => {
  // #region read
  const rows = traffic as unknown as Rows
  const inbox = await openForExample({ projections: [rows] })
  const { conversationId } = right(await receiveMail(inbox, mailFrom('bo@there.example', 'Hello?')))
  await inbox.execute(reply({ conversationId, text: 'Hello!', actor: ada }))

  const { readModels } = inbox.door.adapters
  const busiest = {
    where: filters.is('account', inbox.door.account),
    order: { column: 'received', direction: 'descending' },
    limit: 10,
  } as const
  for (const { row } of right(await readModels.find(rows, busiest)()))
    print(`${String(row.received)} in, ${String(row.sent)} out`)
  // #endregion read
  await inbox.close()
}
