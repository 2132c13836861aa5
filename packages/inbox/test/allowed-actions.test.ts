/** What a screen offers, as those answer who decide it. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addUser,
  assign,
  changeEdition,
  close,
  conversationActions,
  handOff,
  hideMessage,
  openAccount,
  reply,
  takeOverByBot,
  trash,
  user,
  type ConversationAction,
} from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import { ada, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
let conversationId: string
beforeEach(async () => {
  desk = await openDesk()
  conversationId = await desk.receive()
})

const conversation = async (viewer = 'ada') =>
  right(await desk.inbox.allowedActions(viewer, { conversationId }))
const yes = { allowed: true, changes: true }
const already = { allowed: true, changes: false }
const no = (type: string) => ({ allowed: false, refusal: { type } })

describe('what may be done with a conversation', () => {
  it('S-077 S-084 S-085 is told of each action, with what refuses it', async () => {
    expect(await conversation()).toMatchObject({
      reply: yes,
      comment: yes,
      assign: yes,
      unassign: already,
      close: yes,
      reopen: already,
      trash: yes,
      deletePermanently: no('ConversationNotInTrash'),
      markAsSpam: yes,
      unmarkAsSpam: already,
      blockSender: yes,
      forward: yes,
      moveToInbox: no('NoSuchInbox'),
      createTicket: no('NoCrm'),
    })
  })

  it('S-077 is to send a copy of a chat', async () => {
    conversationId = await desk.receive({ channel: 'chat' })
    expect(await conversation()).toMatchObject({ sendTranscript: yes, switchToEmail: yes })
  })

  it('S-040 S-042 is little in Trash', async () => {
    await desk.ask(trash({ conversationId, actor: ada }))
    expect(await conversation()).toMatchObject({
      reply: no('ConversationInTrash'),
      close: no('ConversationInTrash'),
      restore: yes,
      deletePermanently: yes,
    })
  })

  it('S-087 says from when a conversation can be closed that a bot still holds', async () => {
    conversationId = await desk.receive({ channel: 'chat' })
    const start = Date.parse(desk.clock.now())
    await desk.ask(
      takeOverByBot({ conversationId, chatflowId: 'f', chatflowName: 'Hi', actor: 'bot:f' }),
    )
    const from = new Date(start + 30 * 60_000).toISOString()
    expect((await conversation()).close).toEqual({
      allowed: false,
      refusal: { type: 'BotStillTalking', closableFrom: from },
      from,
    })
    await desk.ask(handOff({ conversationId, actor: 'bot:f' }))
    expect((await conversation()).close).toEqual(yes)
  })

  it('writes nothing, and takes nothing away', async () => {
    const before = await desk.log()
    await conversation()
    expect(await desk.log()).toEqual(before)
    await desk.ask(close({ conversationId, actor: ada }))
  })

  it('agrees with what is then done', async () => {
    const names = Object.keys(conversationActions) as ConversationAction[]
    for (const name of names) {
      desk = await openDesk()
      conversationId = await desk.receive({ channel: 'chat' })
      const told = (await conversation())[name]
      const [messageId] = right(await desk.inbox.thread(conversationId)).entries.flatMap((entry) =>
        entry.type === 'message' ? [entry.messageId] : [],
      )
      const done = await desk.inbox.execute(
        conversationActions[name]({
          conversationId,
          actor: ada,
          now: desk.clock.now(),
          owner: ada,
          inbox: 'none',
          messageId: messageId!,
          contact: 'none',
        }),
      )
      if (E.isRight(done)) expect({ name, told }).toMatchObject({ name, told: { allowed: true } })
      else expect({ name, told }).toMatchObject({ name, told: no(done.left.type) })
    }
  })

  it('of somebody without access is nothing', async () => {
    await desk.ask(addUser({ userId: 'eve', actor: 'system' }))
    await desk.ask({ type: 'ChangeMembers', inboxId: 'support', members: [], actor: 'system' })
    expect(await desk.inbox.allowedActions('eve', { conversationId })).toEqual(
      E.left({ type: 'NoAccess', inbox: 'support' }),
    )
  })
})

describe('what may be done with a message', () => {
  const message = async (messageId: string, viewer = 'ada') =>
    right(await desk.inbox.allowedActions(viewer, { conversationId, messageId }))

  it('S-096 S-005 is to hide it where the edition has that, and to unhide it by who did', async () => {
    const { messageId } = await desk.ask(reply({ conversationId, text: 'Hi', actor: ada }))
    const day = { createdOn: '2026-01-01', zone: 'UTC', edition: 'enterprise' as const }
    await desk.ask(openAccount({ ...day, actor: 'system' }))
    await desk.ask(hideMessage({ conversationId, messageId: messageId!, actor: ada }))
    expect(await message(messageId!)).toMatchObject({ hide: already, unhide: yes })
    expect(await message(messageId!, 'bo')).toMatchObject({ unhide: no('NotAllowedToUnhide') })
    await desk.ask(changeEdition({ edition: 'starter', actor: 'system' }))
    const other = await desk.ask(reply({ conversationId, text: 'Hi again', actor: ada }))
    expect(await message(other.messageId!)).toMatchObject({
      hide: {
        allowed: false,
        refusal: { type: 'NeedsEdition', capability: 'hideMessages', edition: 'enterprise' },
      },
    })
  })

  it('S-084 is to forward the most recent e-mail, and no other', async () => {
    const { messageId: older } = await desk.ask(reply({ conversationId, text: 'Hi', actor: ada }))
    const { messageId: newer } = await desk.ask(reply({ conversationId, text: 'Ho', actor: ada }))
    expect((await message(newer!)).forward).toEqual(yes)
    expect((await message(older!)).forward).toMatchObject(no('NotTheLatestEmail'))
  })
})

describe('what may be done with a selection', () => {
  it('S-089 D-07 is to trash and to close, conversation by conversation', async () => {
    const held = await desk.receive({ channel: 'chat' })
    await desk.ask(
      takeOverByBot({ conversationId: held, chatflowId: 'f', chatflowName: 'Hi', actor: 'bot:f' }),
    )
    await desk.ask(assign({ conversationId, owner: user('bo'), actor: ada }))
    const told = right(
      await desk.inbox.allowedActions('ada', { conversationIds: [conversationId, held, 'none'] }),
    )
    expect(Object.keys(told.get(held)!)).toEqual(['trash', 'close'])
    expect(told.get(conversationId)).toEqual({ trash: yes, close: yes })
    expect(told.get(held)).toMatchObject({ trash: yes, close: no('BotStillTalking') })
    expect(told.get('none')).toMatchObject({ trash: no('NoSuchConversation') })
  })
})
