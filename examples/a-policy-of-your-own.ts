/** Rules of one's own are reactions: from what happened to what is asked for, purely. */
import { addLabel, assign, conversations, team } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { reaction } from '@threadbook/inbox'
import { streamId } from '@threadbook/sourcing'
import { mailFrom, openForExample, right } from './in-short.js'

// #region policy
/** What comes by mail is the night team's from the start, and says so. */
const nightShift = reaction({
  name: 'nightShift',
  of: conversations,
  on: {
    ConversationStarted: ({ stream, data }) => {
      if (data.channel !== 'email') return []
      const about = { conversationId: streamId(stream), actor: 'system' } as const
      return [
        assign({ ...about, owner: team('night'), commandId: 'owner' }),
        addLabel({ ...about, label: 'night', commandId: 'label' }),
      ]
    },
  },
})
// #endregion policy

export const aPolicyOfYourOwn = async (print: (line: string) => void) => {
  // #region open
  const inbox = await openForExample({ reactions: [nightShift] })
  const mail = mailFrom('bo@there.example', 'Good evening!')
  const { conversationId } = right(await receiveMail(inbox, mail))
  await inbox.settled() // tests wait; programs need not
  // #endregion open
  const { items } = right(await inbox.views.list('allOpen'))
  for (const item of items)
    if (item.conversationId === conversationId) print(`${item.owner}: ${item.labels.join()}`)
  await inbox.close()
}
