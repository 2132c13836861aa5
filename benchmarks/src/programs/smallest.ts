/** The smallest program with an inbox: opened, asked, closed. */
import { user } from '@threadbook/core'
import { openInbox } from '@threadbook/inbox'
import { sqlite } from '@threadbook/sqlite'

const inbox = await openInbox(await sqlite(process.argv[2]!))
const mine = await inbox.views.list('assignedToMe', { viewer: user('ada') })
if (mine._tag === 'Left') throw new Error(mine.left.type)
await inbox.close()
