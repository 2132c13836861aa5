/** A bot that answers from a conversation's first moment on. */
import { beforeEach, expect, it } from '@jest/globals'
import { addUser, changeRouting, handOff } from '@threadbook/core'
import { ada, openDesk, type Desk } from './fixtures.js'

const chatflow = { id: 'flow-1', name: 'Greeter' }

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
  await desk.ask(addUser({ userId: 'ada', actor: 'system' }))
  for (const channel of ['chat', 'messenger'] as const)
    await desk.ask(
      changeRouting({
        inboxId: 'support',
        channel,
        routing: { to: 'these', owners: [ada] },
        actor: 'system',
      }),
    )
})

const handedOff = async (conversationId: string) => {
  await desk.ask(handOff({ conversationId, actor: 'bot:flow-1' }))
  await desk.inbox.settled()
}

it.each(['chat', 'messenger'] as const)(
  'K-14 S-030 has what begins by %s before anybody is looked for, until it hands off',
  async (channel) => {
    const { conversationId } = await desk[channel]({ chatflow })
    await desk.inbox.settled()
    expect(await desk.row(conversationId)).toMatchObject({ owner: null })
    expect(await desk.shownIn(conversationId)).toContain('bots')
    expect(await desk.shownIn(conversationId)).not.toContain('unassigned')
    expect((await desk.stream('conversation', conversationId)).at(-1)).toMatchObject({
      type: 'BotTookOver',
      data: { chatflowId: 'flow-1', chatflowName: 'Greeter' },
      metadata: { actor: 'bot:flow-1' },
    })

    await handedOff(conversationId)
    expect(await desk.row(conversationId)).toMatchObject({ owner: ada })
  },
)

it('takes nothing over again by a message that goes on where the last one is', async () => {
  const { conversationId } = await desk.chat({ chatflow })
  await handedOff(conversationId)
  expect(await desk.chat({ chatflow })).toMatchObject({ conversationId })
  const taken = (await desk.told(conversationId)).filter((type) => type === 'BotTookOver')
  expect(taken).toHaveLength(1)
  expect(await desk.row(conversationId)).toMatchObject({ owner: ada })
})

it('is nobody’s bot where none is named', async () => {
  const { conversationId } = await desk.chat()
  await desk.inbox.settled()
  expect(await desk.row(conversationId)).toMatchObject({ owner: ada })
})
