/** What a host meets at the front door: answers, repetitions, isolation, faults. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addIdentity,
  assign,
  blockSender,
  close,
  comment,
  compose,
  createContact,
  hideMessage,
  markAsSpam,
  reply,
  trash,
  unblockSender,
  unhideMessage,
  unmarkAsSpam,
  user,
  type Request,
} from '@threadbook/core'
import { openInbox } from '@threadbook/inbox'
import { streamName } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import { ada, deskAt, lasting, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

describe('a request', () => {
  it('is answered with a receipt for each stream, and the ids that were made for it', async () => {
    const conversationId = await desk.receive()
    const commented = await desk.ask(comment({ conversationId, text: 'hm', actor: ada }))
    expect(commented).toMatchObject({
      conversationId,
      commentId: expect.any(String),
      commandId: expect.any(String),
      receipts: [
        { stream: `conversation-main.${conversationId}`, revision: 2, outcome: 'accepted' },
      ],
      parked: [],
    })
  })

  it('that changes nothing is accepted, and says so', async () => {
    const conversationId = await desk.receive()
    await desk.ask(close({ conversationId, actor: ada }))
    const before = await desk.log()
    const { receipts } = await desk.ask(close({ conversationId, actor: ada }))
    expect(receipts).toMatchObject([{ outcome: 'unchanged', revision: 2 }])
    expect(await desk.log()).toEqual(before)
  })

  it('that is malformed is refused by naming the field, what it is and what was expected', async () => {
    const request = { type: 'Assign', conversationId: 'c', owner: 'ada', actor: ada }
    expect(await desk.refused(request as unknown as Request)).toEqual({
      type: 'InvalidCommand',
      field: 'owner',
      expected: 'user:… or team:…',
      found: expect.any(String),
    })
  })

  it.each<[what: string, request: Request, refusal: object]>([
    [
      'of no type',
      { type: 'Nonsense' } as unknown as Request,
      { type: 'InvalidCommand', field: 'type' },
    ],
    [
      'about no conversation',
      close({ conversationId: 'none', actor: ada }),
      { type: 'NoSuchConversation', situation: 'absent' },
    ],
    [
      'to nobody',
      compose({ to: [], text: 'Hi', actor: ada }),
      { type: 'InvalidCommand', field: 'to' },
    ],
    [
      'S-002 from an inbox that there is not',
      compose({ to: [{ address: 'bo@mail.example' }], inbox: 'none', text: 'Hi', actor: ada }),
      { type: 'NoSuchInbox' },
    ],
    ['about nobody', blockSender({ actor: ada }), { type: 'InvalidCommand', field: 'sender' }],
    [
      'about a sender of no conversation',
      blockSender({ conversationId: 'none', actor: ada }),
      { type: 'NoSender' },
    ],
  ])('%s is refused, and leaves nothing', async (_, request, refusal) => {
    const before = await desk.log()
    expect(await desk.refused(request)).toMatchObject(refusal)
    expect(await desk.log()).toEqual(before)
  })

  it('to send under the id of another message is refused', async () => {
    const to = [{ address: 'bo@mail.example' }]
    await desk.ask(compose({ to, text: 'Hi', messageId: 'mine', actor: ada }))
    expect(
      await desk.refused(compose({ to, text: 'Hi', messageId: 'mine', actor: ada })),
    ).toMatchObject({
      type: 'InvalidCommand',
      field: 'message.messageId',
    })
  })
})

describe('a command id that was accepted before', () => {
  const written = { text: 'Hello', actor: ada }
  const to = [{ address: 'bo@mail.example' }]

  it('is answered with the first receipt, also after a restart', async () => {
    const { conversationId } = await desk.ask(compose({ ...written, to, commandId: 'first' }))
    for (const request of [
      compose({ ...written, to, commandId: 'again' }),
      reply({ ...written, conversationId: conversationId!, commandId: 'another' }),
      comment({ ...written, conversationId: conversationId!, commandId: 'a third' }),
      createContact({ name: 'Zoe', actor: ada, commandId: 'a fourth' }),
    ]) {
      const { receipts: first, ...ids } = await desk.ask(request)
      await desk.ask(close({ conversationId: conversationId!, actor: ada }))
      const restarted = deskAt(await openInbox(desk.adapters), desk.adapters, desk.clock)
      const before = await desk.log()
      for (const each of [desk, restarted]) {
        const { receipts, ...sameIds } = await each.ask(request)
        expect(sameIds).toEqual(ids)
        for (const receipt of receipts) {
          const { position, ...original } = first.find(({ stream }) => stream === receipt.stream)!
          expect(position).toBeDefined()
          expect(receipt).toEqual({ ...original, outcome: 'repeated' })
        }
        expect(await each.log()).toEqual(before)
      }
    }
  })

  it('is decided again where it was refused', async () => {
    const conversationId = await desk.receive()
    await desk.ask(trash({ conversationId, actor: ada }))
    const request = assign({ conversationId, owner: ada, actor: ada, commandId: 'again' })
    expect(await desk.refused(request)).toMatchObject({ type: 'ConversationInTrash' })
    await desk.ask({ type: 'Restore', conversationId, actor: ada })
    expect((await desk.ask(request)).receipts).toMatchObject([{ outcome: 'accepted' }])
  })
})

describe('two at once on one conversation', () => {
  it.each([
    ['through one front door', (first: Desk) => Promise.resolve(first)],
    [
      'through two',
      async (first: Desk) => deskAt(await openInbox(first.adapters), first.adapters, first.clock),
    ],
  ])('%s are both accepted, one after the other', async (_, other) => {
    const conversationId = await desk.receive()
    const second = await other(desk)
    const texts = Array.from({ length: 10 }, (_, n) => `remark ${String(n)}`)
    await Promise.all(
      texts.map((text, n) =>
        (n % 2 === 0 ? desk : second).ask(comment({ conversationId, text, actor: ada })),
      ),
    )
    const events = await desk.stream('conversation', conversationId)
    expect(events.map(({ revision }) => revision)).toEqual([...events.keys()])
    expect(events.filter(({ type }) => type === 'CommentAdded')).toHaveLength(texts.length)
  })
})

describe('D-29 marking as not spam', () => {
  it('creates the contact of who wrote, and associates it', async () => {
    const conversationId = await desk.receive({ spam: 'marketing', from: 'zoe' })
    await desk.ask(unmarkAsSpam({ conversationId, actor: ada }))
    const row = await desk.row(conversationId)
    expect(row).toMatchObject({ spam: false, spamCause: null, contact: expect.any(String) })
    const [item] = right(await desk.inbox.views.list('email')).items
    expect(item?.contact).toMatchObject({ id: row?.contact, address: 'zoe@mail.example' })
    expect((await desk.stream('contact', row!.contact!)).map(({ type }) => type)).toEqual([
      'ContactCreated',
      'IdentityAdded',
    ])
  })

  it('takes the contact that is named', async () => {
    const { contactId } = await desk.ask(createContact({ name: 'Zoe', actor: ada }))
    const conversationId = await desk.receive({ spam: 'marketing' })
    await desk.ask(unmarkAsSpam({ conversationId, contact: contactId!, actor: ada }))
    expect((await desk.row(conversationId))?.contact).toBe(contactId)
  })
})

describe('D-08 blocking', () => {
  const ofContact = async () => {
    const { contactId } = await desk.ask(createContact({ name: 'Zoe', actor: ada }))
    const contact = contactId!
    await desk.ask(
      addIdentity({ contactId: contact, kind: 'email', address: 'zoe@mail.example', actor: ada }),
    )
    const [hand, open, closed] = [
      await desk.receive({ contact, from: 'zoe' }),
      await desk.receive({ contact, from: 'zoe' }),
      await desk.receive({ contact, from: 'zoe' }),
    ]
    await desk.ask(close({ conversationId: closed, actor: ada }))
    return { hand, open, closed, stranger: await desk.receive() }
  }
  const spamOf = async (ids: Readonly<Record<string, string>>) => {
    const found: string[] = []
    for (const [name, id] of Object.entries(ids))
      if ((await desk.row(id))?.spamCause === 'blockedSender') found.push(name)
    return found
  }

  it('filters the conversation at hand', async () => {
    const ids = await ofContact()
    await desk.ask(blockSender({ conversationId: ids.hand, actor: ada }))
    expect(await spamOf(ids)).toEqual(['hand'])
  })

  it('filters the other open ones of the sender too, where that is asked', async () => {
    const ids = await ofContact()
    await desk.ask(blockSender({ conversationId: ids.hand, includeExisting: true, actor: ada }))
    expect(await spamOf(ids)).toEqual(['hand', 'open'])
  })

  it('D-09 is lifted for the future only', async () => {
    const ids = await ofContact()
    await desk.ask(blockSender({ conversationId: ids.hand, actor: ada }))
    await desk.ask(unblockSender({ conversationId: ids.hand, actor: ada }))
    expect(await spamOf(ids)).toEqual(['hand'])
  })
})

describe('S-096 hiding', () => {
  it('is undone by who hid it or a super admin, and by nobody else', async () => {
    const { conversationId, messageId } = await desk.ask(await desk.requestOf())
    const about = { conversationId: conversationId!, messageId: messageId! }
    const request = { type: 'AddUser', userId: 'root', roles: ['superAdmin'], actor: 'system' }
    await desk.ask(request as Request)
    await desk.ask(hideMessage({ ...about, actor: ada }))
    expect(await desk.refused(unhideMessage({ ...about, actor: user('bo') }))).toMatchObject({
      type: 'NotAllowedToUnhide',
      hiddenBy: ada,
    })
    for (const actor of [ada, user('root')]) {
      await desk.ask(unhideMessage({ ...about, actor }))
      expect((await desk.row(about.conversationId))?.previewHidden).toBe(false)
      await desk.ask(hideMessage({ ...about, actor: ada }))
    }
  })
})

describe('D-16 another account', () => {
  it('sees nothing of this one, and changes nothing in it', async () => {
    const conversationId = await desk.receive()
    await desk.ask(assign({ conversationId, owner: ada, actor: ada }))
    const acme = deskAt(desk.inbox.account('acme'), desk.adapters, desk.clock)
    for (const { key } of acme.inbox.views.catalogue)
      for (const inbox of ['support', 'all'])
        expect(right(await acme.inbox.views.list(key, { viewer: 'ada', inbox })).items).toEqual([])
    expect(right(await acme.inbox.views.counts({ viewer: 'ada', inbox: 'all' }))).toMatchObject({
      conversations: 0,
      views: { allOpen: 0, assignedToMe: 0 },
    })
    expect(await acme.refused(close({ conversationId, actor: ada }))).toMatchObject({
      type: 'NoSuchConversation',
    })
    expect(right(await desk.inbox.views.counts({ viewer: 'ada' })).views.allOpen).toBe(1)
  })

  it('knows the same address by another name', async () => {
    const to = [{ address: 'bo@mail.example' }]
    const acme = deskAt(desk.inbox.account('acme'), desk.adapters, desk.clock)
    const channel = { inboxId: 'support', channel: 'email' } as const
    await acme.ask({ type: 'ConnectChannel', ...channel, actor: 'system' })
    for (const each of [desk, acme]) await each.ask(compose({ to, text: 'Hi', actor: ada }))
    const claims = (await desk.log()).filter(({ type }) => type === 'IdentityClaimed')
    const names = claims.map(({ stream }) => stream.slice(stream.indexOf('.')))
    expect(new Set(names).size).toBe(2)
  })

  it('has a name that fits into the names of streams', () => {
    expect(() => desk.inbox.account('a.b')).toThrow('account')
  })
})

describe('an event that breaks a view', () => {
  const poison = async (conversationId: string) => {
    const [started] = await desk.stream('conversation', conversationId)
    right(
      await desk.adapters.store.append({
        stream: streamName('conversation', 'main', conversationId),
        expected: 'any',
        events: [
          {
            id: desk.inbox.door.newId(),
            type: 'CommentAdded',
            data: { commentId: 'c', preview: 'not sealed', text: 'not sealed', mentions: [] },
            metadata: started!.metadata,
          },
        ],
      })(),
    )
  }

  it('parks its conversation and no other, and the next answer tells of it once', async () => {
    const [broken, sound] = [await desk.receive(), await desk.receive()]
    await poison(broken)
    const closed = await desk.ask(close({ conversationId: sound, actor: ada }))
    expect(closed.parked).toMatchObject([{ key: broken, error: expect.stringContaining('sealed') }])
    expect((await desk.row(sound))?.status).toBe('closed')
    expect((await desk.row(broken))?.status).toBe('open')
    expect((await desk.ask(trash({ conversationId: sound, actor: ada }))).parked).toEqual([])
  })

  it('is a fault for commands on its conversation', async () => {
    const broken = await desk.receive()
    await poison(broken)
    expect(await desk.refused(close({ conversationId: broken, actor: ada }))).toMatchObject({
      type: 'MalformedEvent',
      event: 'CommentAdded',
    })
  })
})

describe('closing', () => {
  it('waits for what runs', async () => {
    const request = markAsSpam({
      conversationId: await desk.receive(),
      cause: 'marked',
      actor: ada,
    })
    const running = desk.inbox.execute(request)
    await desk.inbox.close()
    right(await running)
  })

  it('lets nothing in afterwards', async () => {
    const conversationId = await desk.receive()
    await desk.inbox.close()
    expect(await desk.refused(close({ conversationId, actor: ada }))).toMatchObject({
      type: 'Unavailable',
    })
  })

  it('happens by itself at the end of a block', async () => {
    let closed = false
    const adapters = await memory()
    {
      await using inbox = await openInbox({
        ...lasting(adapters),
        close: async () => void (closed = true),
      })
      expect(inbox.door.account).toBe('main')
    }
    expect(closed).toBe(true)
  })
})
