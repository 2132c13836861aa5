/**
 * Looks at All open until it is killed: writes each message that it is told as a line of JSON, and
 * where it is told to list anew, first what is listed.
 */
import { openInbox } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import { openStore } from './open-store.mjs'

// Waiting for news keeps no process alive: that is for its server, or whatever else it runs.
setInterval(() => undefined, 60_000)
const [spec = '', takeOverAfter = '', from] = process.argv.slice(2)
const inbox = await openInbox(await openStore(JSON.parse(spec)), {
  takeOverAfter: Number(takeOverAfter),
})
const request = { inbox: /** @type {const} */ ('all'), from }
for await (const message of inbox.views.subscribe('allOpen', request)) {
  if (message.type === 'reload') {
    const page = await inbox.views.list('allOpen', { inbox: 'all', limit: 500 })
    if (E.isLeft(page)) throw new Error(page.left.type)
    console.log(JSON.stringify({ type: 'listed', items: page.right.items }))
  }
  console.log(JSON.stringify(message))
}
