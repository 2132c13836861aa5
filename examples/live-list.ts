/** A list in a browser that stays right: server-sent events, resumed by the browser itself. */
import { createServer, type Server } from 'node:http'
import { Readable } from 'node:stream'
import type { Inbox, ViewMessage } from '@threadbook/inbox'
import type { ListItem } from '@threadbook/projection-views'
import * as E from 'fp-ts/lib/Either.js'

// #region server
const line = (event: string, data: unknown, id: string) =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** What a browser is sent, until it goes away. Its bytes are asked for, so a slow one holds up nobody. */
async function* linesFor(
  inbox: Inbox,
  viewer: string,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const message of inbox.views.subscribe('assignedToMe', { viewer, from, signal })) {
    if (message.type === 'failed') {
      yield line('gone', message.fault.type, '')
      return
    }
    const { type, position } = message
    if (type === 'reload') {
      // Listed here and now, before the next message: nothing can come between.
      const page = await inbox.views.list('assignedToMe', { viewer })
      if (E.isRight(page)) yield line('list', page.right.items, position)
    } else yield line(type, message, position)
  }
}

/** `viewerOf` is the host's: who the session behind a request belongs to. */
export const liveListServer = (
  inbox: Inbox,
  viewerOf: (cookie: string | undefined) => string,
): Server =>
  createServer((request, response) => {
    const gone = new AbortController()
    response.on('close', () => {
      gone.abort()
    })
    const { cookie, 'last-event-id': last } = request.headers
    const from = typeof last === 'string' && last !== '' ? last : undefined
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    Readable.from(linesFor(inbox, viewerOf(cookie), from, gone.signal)).pipe(response)
  })
// #endregion server

// #region screen
type Rows = Map<string, ListItem>

/** What a screen makes of an event: rows by conversation, to be sorted as it shows them. */
export const onScreen = (rows: Rows, event: string, data: unknown): Rows => {
  if (event === 'list')
    return new Map((data as readonly ListItem[]).map((item) => [item.conversationId, item]))
  if (event === 'gone') return new Map()
  const message = data as ViewMessage
  if (message.type === 'entered' || message.type === 'changed')
    rows.set(message.conversationId, message.item)
  else if (message.type === 'left') rows.delete(message.conversationId)
  return rows
}
// #endregion screen
