import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import { addUser, assign, changeMembers, close, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import type { ListItem } from '@threadbook/projection-views'
import { ada, mailFrom, openForExample, right } from './in-short.js'
import { liveListServer, onScreen } from './live-list.js'

/** As much of a browser as it takes. */
const browser = async (port: number, viewer: string, screen: Map<string, ListItem>, last = '') => {
  const gone = new AbortController()
  const response = await fetch(`http://127.0.0.1:${String(port)}/`, {
    headers: { cookie: viewer, 'last-event-id': last },
    signal: gone.signal,
  })
  const decoder = new TextDecoder()
  const chunks = response.body!.getReader()
  let text = ''
  let rows = screen
  const field = (event: string, name: string) =>
    new RegExp(`^${name}: ?(.*)$`, 'm').exec(event)?.[1] ?? ''
  return {
    rows: () => [...rows.values()].map(({ preview }) => preview),
    last: () => last,
    screen: () => rows,
    /** Reads on up to an event of this kind. */
    upTo: async (kind: string): Promise<void> => {
      for (;;) {
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const event = text.slice(0, end)
          text = text.slice(end + 2)
          last = field(event, 'id')
          const name = field(event, 'event')
          rows = onScreen(rows, name, JSON.parse(field(event, 'data')))
          if (name === kind) return
        }
        const { value, done } = await chunks.read()
        if (done) throw new Error(`the server ended before ${kind}`)
        text += decoder.decode(value, { stream: true })
      }
    },
    leave: () => {
      gone.abort()
    },
  }
}

it('K-15 a browser shows what is assigned to its user, and goes on where it was', async () => {
  const inbox = await openForExample()
  const server = liveListServer(inbox, (cookie = '') => cookie).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const bo = user('bo')
  right(await inbox.execute(addUser({ userId: 'bo', roles: ['member'], actor: 'system' })))
  const comesIn = async (text: string) => {
    const { conversationId } = right(await receiveMail(inbox, mailFrom('eve@mail.example', text)))
    right(await inbox.execute(assign({ conversationId, owner: bo, actor: ada })))
    return conversationId
  }

  const first = await comesIn('One')
  const page = await browser(port, 'bo', new Map())
  await page.upTo('caughtUp')
  expect(page.rows()).toEqual(['One'])
  await comesIn('Two')
  await page.upTo('entered')
  expect(page.rows()).toEqual(['One', 'Two'])
  page.leave()

  right(await inbox.execute(close({ conversationId: first, actor: ada })))
  await comesIn('Three')
  const again = await browser(port, 'bo', page.screen(), page.last())
  await again.upTo('caughtUp')
  expect(again.rows()).toEqual(['Two', 'Three'])

  right(await inbox.execute(changeMembers({ inboxId: 'support', members: [ada], actor: 'system' })))
  await again.upTo('gone')
  expect(again.rows()).toEqual([])
  const never = await browser(port, 'bo', new Map())
  await never.upTo('gone')

  await inbox.close()
  server.close()
  server.closeAllConnections()
})
