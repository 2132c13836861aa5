/** Nothing of a blocked sender is seen again, until somebody unblocks them. */
import { blockSender, unblockSender } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { ada, mailFrom, openForExample, right } from './in-short.js'

export const blockingASender = async (print: (line: string) => void) => {
  const inbox = await openForExample()
  const pest = 'pest@noise.example'
  const write = async (text: string) => right(await receiveMail(inbox, mailFrom(pest, text)))
  const open = async () => right(await inbox.views.list('allOpen')).items.length

  // #region block
  const { conversationId } = await write('Buy this!')
  await inbox.execute(blockSender({ conversationId, actor: ada })) // this one, and all that follow
  await write('Buy that!')
  const spam = right(await inbox.views.list('spam'))
  for (const item of spam.items) print(`in Spam: ${item.spam}`)
  print(`${await open()} open`)
  // #endregion block

  // #region unblock
  await inbox.execute(unblockSender({ conversationId, actor: ada }))
  await write('I am sorry.') // seen again; what was filtered stays where it is
  print(`${await open()} open`)
  // #endregion unblock
  await inbox.close()
}
