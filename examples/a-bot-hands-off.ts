/** A bot answers first, and hands the visitor to the team. */
import { receiveChatMessage } from '@threadbook/channels'
import { close, handOff, takeOverByBot } from '@threadbook/core'
import { ada, openForExample, right } from './in-short.js'

export const aBotHandsOff = async (print: (line: string) => void) => {
  const inbox = await openForExample()
  const isIn = async (view: 'bots' | 'unassigned') =>
    right(await inbox.views.list(view)).items.length > 0

  // #region bot
  const { conversationId } = right(
    await receiveChatMessage(inbox, {
      visitorId: 'v-1',
      messageId: 'm-1',
      text: 'Is anybody there?',
    }),
  )
  const greeter = { chatflowId: 'flow-1', chatflowName: 'Greeter', actor: 'bot:flow-1' } as const
  await inbox.execute(takeOverByBot({ conversationId, ...greeter }))
  print(`bots: ${await isIn('bots')}, unassigned: ${await isIn('unassigned')}`)

  const early = await inbox.execute(close({ conversationId, actor: ada }))
  if (early._tag === 'Left') print(early.left.type) // until the visitor was quiet for 30 minutes
  // #endregion bot

  // #region hand-off
  await inbox.execute(handOff({ conversationId, actor: 'bot:flow-1' }))
  print(`bots: ${await isIn('bots')}, unassigned: ${await isIn('unassigned')}`)
  await inbox.execute(close({ conversationId, actor: ada }))
  // #endregion hand-off
  await inbox.close()
}
