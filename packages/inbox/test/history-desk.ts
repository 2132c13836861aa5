/** A desk for random histories: inboxes, conversations and keys of the few ids that they use. */
import { openInbox } from '@threadbook/inbox'
import { user, type ConversationFilter, type Request } from '@threadbook/core'
import { memory } from '@threadbook/sourcing/memory'
import { clockFrom, deskAt, right, START, type Desk } from './fixtures.js'

const keys = new Map(['1', '2', '3'].map((id) => [id, new Uint8Array(32).fill(Number(id))]))

const actor = user('ada')

export const condition = (attribute: string, operator: string, value?: unknown) =>
  ({ attribute, operator, ...(value !== undefined && { value }) }) as ConversationFilter

interface Asked {
  /** Of the custom views, which are `v0`, `v1` and so on. */
  readonly filters: readonly ConversationFilter[]
  readonly visibility: (
    n: number,
  ) => NonNullable<Extract<Request, { type: 'CreateView' }>['visibility']>
  readonly conversations: readonly string[]
}

export const historyDesk = async ({ filters, visibility, conversations }: Asked): Promise<Desk> => {
  const adapters = await memory()
  right(await adapters.vault.add(keys)())
  const clock = clockFrom(START)
  const desk = deskAt(await openInbox(adapters, { clock, inbox: '1' }), adapters, clock)
  for (const inboxId of ['1', '2'])
    await desk.ask({ type: 'ConnectChannel', inboxId, channel: 'email', actor: 'system' })
  for (const conversationId of conversations)
    await desk.ask({
      ...(await desk.requestOf()),
      conversationId,
      start: { inbox: '1', key: conversationId },
    })
  for (const [n, filter] of filters.entries())
    await desk.ask({
      type: 'CreateView',
      viewId: `v${String(n)}`,
      name: 'A view',
      filter,
      visibility: visibility(n),
      actor,
    })
  return desk
}
