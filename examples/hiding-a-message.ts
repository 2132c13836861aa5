/** A message with a card number in it is hidden from everybody who reads, and can be shown again. */
import { hideMessage, unhideMessage } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { ada, bea, mailFrom, openForExample, right } from './in-short.js'

export const hidingAMessage = async (print: (line: string) => void) => {
  const inbox = await openForExample()
  const mail = mailFrom('bo@there.example', 'My card is 4000 1234 5678 9010.')
  const { conversationId, messageId } = right(await receiveMail(inbox, mail))
  const read = async () => {
    const { entries } = right(await inbox.thread(conversationId, { viewer: 'bea' }))
    for (const entry of entries)
      if (entry.type === 'message') print(entry.hidden ? 'hidden' : 'to be read')
  }

  // #region hide
  await inbox.execute(hideMessage({ conversationId, messageId, actor: ada }))
  await read() // its place stays, and its text is nowhere

  const refused = await inbox.execute(unhideMessage({ conversationId, messageId, actor: bea }))
  if (refused._tag === 'Left') print(refused.left.type) // whoever hid it, or a super admin

  await inbox.execute(unhideMessage({ conversationId, messageId, actor: ada }))
  await read()
  // #endregion hide
  await inbox.close()
}
