/** Reactions behind the front door: ours, and a host's own. */
import { describe, expect, it } from '@jest/globals'
import {
  addUser,
  assign,
  close,
  comment,
  conversations,
  removeUser,
  snooze,
  trash,
  user,
  users,
} from '@threadbook/core'
import { effect, openInbox, reaction, type OpenOptions, type ReactionNews } from '@threadbook/inbox'
import { streamId, type Adapters, type Position } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { ada, deskAt, lasting, openDesk, right, START, clockFrom, type Desk } from './fixtures.js'

const bo = user('bo')

const ownDesk = async (options: OpenOptions, adapters?: Adapters): Promise<Desk> => {
  const used = adapters ?? lasting(await memory())
  const clock = clockFrom(START)
  const desk = deskAt(await openInbox(used, { clock, ...options }), used, clock)
  await desk.ask({
    type: 'ConnectChannel',
    inboxId: 'support',
    channel: 'email',
    actor: 'system',
  })
  return desk
}

/** Whoever closes a conversation is asked why. */
const askWhy = reaction({
  name: 'askWhy',
  of: conversations,
  on: {
    Closed: ({ stream }) => [
      comment({ conversationId: streamId(stream), text: 'Why?', actor: 'bot:curious' }),
    ],
  },
})

describe('a reaction of the host', () => {
  it('asks for something because something happened, in the name of what caused it', async () => {
    const desk = await ownDesk({ reactions: [askWhy] })
    const conversationId = await desk.receive()
    await desk.ask(close({ conversationId, actor: ada, commandId: 'closing' }))
    await desk.inbox.settled()
    const log = await desk.stream('conversation', conversationId)
    const closed = log.find(({ type }) => type === 'Closed')!
    expect(log.at(-1)).toMatchObject({
      type: 'CommentAdded',
      metadata: { actor: 'bot:curious', causationId: closed.id, correlationId: 'closing' },
    })
  })

  it('does nothing twice, however often it meets an event', async () => {
    const desk = await ownDesk({ reactions: [askWhy] })
    const conversationId = await desk.receive()
    await desk.ask(close({ conversationId, actor: ada }))
    await desk.inbox.settled()
    const before = await desk.log()
    await desk.inbox.close()
    right(await desk.adapters.readModels.writeCheckpoint('reaction askWhy', '' as Position)())
    const news: ReactionNews[] = []
    const again = await ownDesk(
      { reactions: [askWhy], onReaction: (each) => news.push(each) },
      desk.adapters,
    )
    await again.inbox.settled()
    expect(news).toMatchObject([
      { outcome: 'accepted', accepted: { receipts: [{ outcome: 'repeated' }] } },
    ])
    expect(await again.log()).toEqual(before)
  })

  it('goes on after a refusal, and tells of it', async () => {
    const news: ReactionNews[] = []
    const wakesNobody = reaction({
      name: 'snoozesTheTrashed',
      of: conversations,
      facts: async (_, { door }) => door.now(),
      on: {
        Trashed: ({ stream }, now) => [
          snooze({ conversationId: streamId(stream), until: now, actor: 'system' }),
          comment({ conversationId: streamId(stream), text: 'never', actor: 'system' }),
        ],
      },
    })
    const desk = await ownDesk({ reactions: [wakesNobody], onReaction: (each) => news.push(each) })
    const conversationId = await desk.receive()
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.inbox.settled()
    const refused = { outcome: 'refused', refusal: { type: 'ConversationInTrash' } }
    expect(news).toMatchObject([refused, refused])
  })

  it('parks what breaks it, goes on with the rest, and makes up for it once it is mended', async () => {
    let mended = false
    const picky = reaction({
      name: 'picky',
      of: conversations,
      on: {
        Closed: ({ stream, metadata }) => {
          if (metadata.actor === 'user:ada' && !mended) throw new TypeError('of a private kind')
          return [comment({ conversationId: streamId(stream), text: 'ok', actor: 'system' })]
        },
      },
    })
    const desk = await ownDesk({ reactions: [picky] })
    const [first, second] = [await desk.receive(), await desk.receive()]
    await desk.ask(close({ conversationId: first, actor: ada }))
    await desk.ask(close({ conversationId: second, actor: bo }))
    await desk.inbox.settled()
    const last = async (id: string) => (await desk.stream('conversation', id)).at(-1)?.type
    expect([await last(first), await last(second)]).toEqual(['Closed', 'CommentAdded'])
    const parked = {
      reaction: 'picky',
      stream: `conversation-main.${first}`,
      revision: 2,
      problem: 'TypeError',
    }
    expect(right(await desk.inbox.reactions.parked())).toEqual([parked])
    expect(right(await desk.inbox.reactions.retry())).toEqual([parked])
    mended = true
    expect(right(await desk.inbox.reactions.retry())).toEqual([])
    expect(await last(first)).toBe('CommentAdded')
  })

  it('that asks for what cannot be is parked, too', async () => {
    const malformed = reaction({
      name: 'malformed',
      of: conversations,
      on: { Closed: () => [assign({ conversationId: '', owner: ada, actor: 'system' })] },
    })
    const desk = await ownDesk({ reactions: [malformed] })
    await desk.ask(close({ conversationId: await desk.receive(), actor: ada }))
    await desk.inbox.settled()
    expect(right(await desk.inbox.reactions.parked())).toMatchObject([
      { problem: 'InvalidCommand' },
    ])
  })

  it('must have a name of its own', async () => {
    await expect(ownDesk({ reactions: [askWhy, askWhy] })).rejects.toThrow('a name of its own')
  })
})

describe('an effect of the host', () => {
  it('is tried again until it is done, and can ask for what follows', async () => {
    let tries = 0
    const faults: unknown[] = []
    const hook = effect({
      name: 'hook',
      of: conversations,
      effect: {
        Closed: async ({ stream }, { execute }) => {
          if (++tries < 3) return E.left({ type: 'Unavailable', reason: 'away' })
          await execute(
            comment({ conversationId: streamId(stream), text: 'told', actor: 'system' }),
            'told',
          )
          return E.right(undefined)
        },
      },
    })
    const desk = await ownDesk({ reactions: [hook], onFault: (_, fault) => faults.push(fault) })
    const conversationId = await desk.receive()
    await desk.ask(close({ conversationId, actor: ada }))
    await desk.inbox.settled()
    expect(faults).toHaveLength(2)
    expect((await desk.stream('conversation', conversationId)).at(-1)?.type).toBe('CommentAdded')
  })
})

describe('somebody who is removed from the account', () => {
  const owned = async (desk: Desk, owner = bo) => {
    const conversationId = await desk.receive()
    await desk.ask(assign({ conversationId, owner, actor: ada }))
    return conversationId
  }

  it('S-027 S-015 S-112 owns nothing any more, by the system, also what is closed or in Trash', async () => {
    const desk = await openDesk()
    await desk.ask(addUser({ userId: 'bo', actor: 'system' }))
    const [open, closed, trashed] = [await owned(desk), await owned(desk), await owned(desk)]
    const others = await owned(desk, ada)
    await desk.ask(close({ conversationId: closed, actor: ada }))
    await desk.ask(trash({ conversationId: trashed, actor: ada }))
    await desk.ask(removeUser({ userId: 'bo', actor: ada }))
    await desk.inbox.settled()
    for (const id of [open, closed, trashed]) {
      expect(await desk.row(id)).toMatchObject({ owner: null })
      expect((await desk.stream('conversation', id)).at(-1)).toMatchObject({
        type: 'Unassigned',
        metadata: { actor: 'system' },
      })
    }
    expect(await desk.shownIn(open)).toContain('unassigned')
    expect(await desk.row(others)).toMatchObject({ owner: ada })
  })

  it('S-027 owns nothing either that was assigned to them at that moment', async () => {
    const desk = await openDesk()
    await desk.ask(addUser({ userId: 'bo', actor: 'system' }))
    await desk.inbox.settled()
    const conversationId = await desk.receive()
    const { door } = desk.inbox
    const decided = await door.commands.transact(
      { account: 'main', actor: ada, commandId: 'late' },
      async (transaction) => {
        const facts = { ownerSituation: (await transaction.load(users, 'bo')).situation }
        // Between reading and writing, somebody else is faster.
        right(await desk.inbox.execute(removeUser({ userId: 'bo', actor: ada })))
        const now = door.now()
        const request = assign({ conversationId, owner: bo, actor: ada })
        return transaction.decide(conversations, conversationId, {
          ...request,
          facts,
          at: now,
          now,
        })
      },
    )
    right(decided)
    await desk.inbox.settled()
    expect(await desk.row(conversationId)).toMatchObject({ owner: null })
  })
})
