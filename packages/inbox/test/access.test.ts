/** Who may look into an inbox, who may work in it, and what needs a permission (K-15, D-14). */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addTeamMember,
  addUser,
  assign,
  associateContact,
  changeAvailability,
  changeMembers,
  changePermissions,
  changeRetention,
  changeRoles,
  close,
  comment,
  compose,
  connectChannel,
  createContact,
  createInbox,
  createTeam,
  deactivateUser,
  hideMessage,
  mergeInto,
  moveToInbox,
  removeUser,
  renameInbox,
  team,
  unhideMessage,
  user,
  type Request,
  type Role,
} from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import { ada, openDesk, right, type Desk } from './fixtures.js'

const [bo, cy, eve, root] = [user('bo'), user('cy'), user('eve'), user('root')]

let desk: Desk
let conversationId: string
beforeEach(async () => {
  desk = await openDesk()
  const people: readonly [string, Role][] = [
    ['bo', 'member'],
    ['cy', 'member'],
    ['eve', 'admin'],
    ['root', 'superAdmin'],
  ]
  for (const [userId, role] of people)
    await desk.ask(addUser({ userId, roles: [role], actor: 'system' }))
  await desk.ask(createTeam({ teamId: 'crew', name: 'Crew', actor: 'system' }))
  await desk.ask(addTeamMember({ teamId: 'crew', userId: 'bo', actor: 'system' }))
  const members = [team('crew'), user('cy')]
  await desk.ask(changeMembers({ inboxId: 'support', members, actor: 'system' }))
  conversationId = await desk.receive()
})

const refusal = async (request: Request) => (await desk.refused(request)).type

describe('an inbox of named users and teams', () => {
  it('K-15 D-14 keeps its messages from the timelines that others read', async () => {
    const contact = (await desk.ask(createContact({ actor: 'system' }))).contactId!
    await desk.ask(associateContact({ conversationId, contact, actor: 'system' }))
    await desk.ask(changeMembers({ inboxId: 'support', members: [bo], actor: 'system' }))
    const read = async (viewer?: string) =>
      right(await desk.inbox.timeline({ type: 'contact', id: contact }, { viewer })).length
    expect([await read('bo'), await read('cy'), await read('eve'), await read()]).toEqual([
      1, 0, 1, 1,
    ])
  })

  it.each([
    ['a member of a team that is named', bo],
    ['a user who is named', cy],
    ['a user whom the host knows alone', ada],
    ['the system', 'system'],
  ] as const)('K-15 is worked in by %s', async (_, actor) => {
    expect(await desk.ask(comment({ conversationId, text: 'hm', actor }))).toBeDefined()
  })

  it('K-15 is looked into by admins, who act only as members', async () => {
    expect(right(await desk.inbox.thread(conversationId, { viewer: 'eve' })).entries).toHaveLength(
      1,
    )
    for (const actor of [eve, root])
      expect(await desk.refused(close({ conversationId, actor }))).toEqual({
        type: 'NoAccess',
        inbox: 'support',
      })
    await desk.ask(addTeamMember({ teamId: 'crew', userId: 'eve', actor: 'system' }))
    await desk.ask(close({ conversationId, actor: eve }))
  })

  it('K-15 D-14 is not there for others: not in lists, counts, threads, nor to be worked in', async () => {
    await desk.ask(changeMembers({ inboxId: 'support', members: [bo], actor: 'system' }))
    const unseen = E.left({ type: 'NoAccess', inbox: 'support' })
    const { views, thread, blob, sidebar, allowedActions } = desk.inbox
    const viewer = { viewer: 'cy' }
    for (const answer of [
      await views.list('allOpen', viewer),
      await views.list('allOpen', { ...viewer, inbox: ['support'] }),
      await views.counts(viewer),
      await views.unread(viewer),
      await thread(conversationId, viewer),
      await blob(conversationId, 'any', viewer),
      await sidebar(conversationId, viewer),
      await allowedActions('cy', { conversationId }),
      await allowedActions('cy', { conversationIds: [conversationId] }),
    ])
      expect(answer).toEqual(unseen)
    for (const request of [
      comment({ conversationId, text: 'hm', actor: cy }),
      assign({ conversationId, owner: cy, actor: cy }),
      compose({ to: [{ address: 'zoe@mail.example' }], text: 'Hi', actor: cy }),
    ])
      expect(await refusal(request)).toBe('NoAccess')
  })

  it('D-14 the whole account is what of it may be seen', async () => {
    await desk.ask(
      connectChannel({
        inboxId: 'sales',
        channel: 'email',
        address: 's@x.example',
        actor: 'system',
      }),
    )
    const key = await desk.inbox.door.keys.fresh()
    const request = await desk.requestOf({ from: 'zoe' })
    const { conversationId: elsewhere } = await desk.ask({
      ...request,
      start: { inbox: 'sales', key },
    })
    await desk.ask(changeMembers({ inboxId: 'sales', members: [cy], actor: 'system' }))
    const seenBy = async (viewer?: string) => {
      const page = right(await desk.inbox.views.list('allOpen', { inbox: 'all', viewer }))
      return page.items.map((item) => item.conversationId).sort()
    }
    const both = [conversationId, elsewhere].sort()
    expect(await seenBy('bo')).toEqual([conversationId])
    expect(await seenBy('cy')).toEqual(both)
    expect(await seenBy('eve')).toEqual(both)
    expect(await seenBy('ada')).toEqual(both)
    expect(await seenBy()).toEqual(both)
    const counts = right(await desk.inbox.views.counts({ inbox: 'all', viewer: 'bo' }))
    expect(counts.views.allOpen).toBe(1)
    // Neither is anything drawn from there into a conversation of one's own.
    const merge = mergeInto({ conversationId, target: elsewhere!, actor: bo })
    expect(await desk.refused(merge)).toEqual({ type: 'NoAccess', inbox: 'sales' })
    await desk.ask(moveToInbox({ conversationId, inbox: 'sales', actor: bo }))
    expect(await refusal(close({ conversationId, actor: bo }))).toBe('NoAccess')
  })

  it('K-15 S-015 is closed to who is deactivated or removed', async () => {
    await desk.ask(deactivateUser({ userId: 'cy', actor: 'system' }))
    await desk.ask(removeUser({ userId: 'bo', actor: 'system' }))
    for (const actor of [bo, cy])
      expect(await refusal(close({ conversationId, actor }))).toBe('NoAccess')
  })

  it('S-096 D-29 a super admin unhides in any inbox', async () => {
    const { messageId } = await desk.ask(await desk.requestOf({ conversationId }))
    await desk.ask(hideMessage({ conversationId, messageId: messageId!, actor: bo }))
    const unhide = (actor: typeof bo) =>
      unhideMessage({ conversationId, messageId: messageId!, actor })
    expect(await refusal(unhide(eve))).toBe('NoAccess')
    await desk.ask(unhide(root))
  })
})

describe('the inboxes that somebody may open', () => {
  const opened = async (viewer?: string) => right(await desk.inbox.inboxes(viewer))

  it('S-003 K-15 are those they have access to', async () => {
    await desk.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: 'system' }))
    await desk.ask(changeMembers({ inboxId: 'sales', members: [cy], actor: 'system' }))
    const ids = async (viewer?: string) =>
      (await opened(viewer)).map(({ id, mayAct }) => `${id}${mayAct ? '' : ' (looks)'}`)
    expect(await ids('bo')).toEqual(['support'])
    expect(await ids('cy')).toEqual(['sales', 'support'])
    expect(await ids('eve')).toEqual(['sales (looks)', 'support (looks)'])
    expect(await ids('ada')).toEqual(['sales', 'support'])
    expect(await ids()).toEqual(['sales', 'support'])
  })

  it('D-16 are of one account', async () => {
    const other = desk.inbox.account('other')
    right(await other.execute(createInbox({ inboxId: 'support', name: 'Theirs', actor: 'system' })))
    expect(right(await other.inboxes())).toMatchObject([{ id: 'support', name: 'Theirs' }])
    expect(await opened()).toMatchObject([{ id: 'support', name: 'support' }])
  })

  it('S-003 are all there are, however many', async () => {
    const many = 1_001
    for (let n = 0; n < many; n++)
      await desk.ask(createInbox({ inboxId: `box-${n}`, name: 'One of many', actor: 'system' }))
    const ids = (await opened('ada')).map(({ id }) => id)
    expect(new Set(ids).size).toBe(many + 1)
    expect(ids).toEqual([...ids].sort())
  })

  it('S-002 S-008 say what they are called, by what they are reached, and what is missing', async () => {
    await desk.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: 'system' }))
    await desk.ask(renameInbox({ inboxId: 'sales', name: 'Deals', actor: 'system' }))
    expect(await opened()).toMatchObject([
      { id: 'sales', name: 'Deals', channels: [], missing: 'NoChannelConnected' },
      {
        id: 'support',
        channels: [
          { channel: 'email', address: 'support@example.com' },
          { channel: 'chat', address: 'widget' },
        ],
        missing: null,
      },
    ])
  })
})

describe('what needs a permission', () => {
  it.each<[string, Request, string | undefined]>([
    [
      'K-12 one’s own availability needs none',
      changeAvailability({ userId: 'bo', availability: 'away', actor: bo }),
      undefined,
    ],
    [
      'K-12 others’ availability does',
      changeAvailability({ userId: 'cy', availability: 'away', actor: bo }),
      'manageAvailability',
    ],
    [
      'K-12 admins have it',
      changeAvailability({ userId: 'cy', availability: 'away', actor: eve }),
      undefined,
    ],
    ['roles do', changeRoles({ userId: 'bo', roles: ['admin'], actor: bo }), 'manageUsers'],
    [
      'nobody makes a super admin but one',
      changeRoles({ userId: 'eve', roles: ['superAdmin'], actor: eve }),
      'manageAccount',
    ],
    [
      'nobody takes the role from a super admin but one',
      changeRoles({ userId: 'root', roles: ['member'], actor: eve }),
      'manageAccount',
    ],
    [
      'nor the permissions',
      changePermissions({ userId: 'root', permissions: [], actor: eve }),
      'manageAccount',
    ],
    ['nor deactivates them', deactivateUser({ userId: 'root', actor: eve }), 'manageAccount'],
    ['nor removes them', removeUser({ userId: 'root', actor: eve }), 'manageAccount'],
    [
      'a super admin may',
      changeRoles({ userId: 'root', roles: ['member'], actor: root }),
      undefined,
    ],
    [
      'S-008 an inbox does',
      renameInbox({ inboxId: 'support', name: 'Mine', actor: bo }),
      'manageInboxes',
    ],
    ['the account does', changeRetention({ trashDays: 1, actor: eve }), 'manageAccount'],
  ])('%s', async (_, request, permission) => {
    if (permission === undefined) await desk.ask(request)
    else expect(await desk.refused(request)).toEqual({ type: 'NotPermitted', permission })
  })

  it('K-12 can be granted', async () => {
    const request = changeAvailability({ userId: 'cy', availability: 'away', actor: bo })
    expect(await refusal(request)).toBe('NotPermitted')
    await desk.ask(
      changePermissions({ userId: 'bo', permissions: ['manageAvailability'], actor: root }),
    )
    await desk.ask(request)
  })
})
