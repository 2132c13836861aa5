/**
 * Opens an inbox in a file, asks for a view, closes, and says how many modules of packages that are
 * not ours Node has loaded by then; then the safe form of some HTML, and the same again.
 */
import { createRequire } from 'node:module'
import { safeHtml, user } from '@threadbook/core'
import { openInbox } from '@threadbook/inbox'
import { sqlite } from '@threadbook/sqlite'

const [file = '', html = ''] = process.argv.slice(2)
const { cache } = createRequire(import.meta.url)
const packages = () => [
  ...new Set(Object.keys(cache).map((path) => path.split('node_modules/').at(-1)?.split('/')[0])),
]

const inbox = await openInbox(await sqlite(file))
const mine = await inbox.views.list('assignedToMe', { viewer: user('ada') })
await inbox.close()
const before = packages()
const safe = safeHtml(html, { remoteImages: 'apart' })
console.log(JSON.stringify({ asked: mine._tag, before, safe, after: packages() }))
