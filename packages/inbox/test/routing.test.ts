/** Whom conversations are assigned to by themselves (K-09…K-11, K-14), and that nobody gets too much. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addTeamMember,
  addUser,
  assign,
  changeAccountPolicies,
  changeAvailability,
  changeCapacity,
  changeContactOwner,
  changeInboxHours,
  changeMembers,
  changeRouting,
  changeWorkingHours,
  close,
  countWork,
  createContact,
  createTeam,
  handOff,
  openAccount,
  pick,
  reply,
  route,
  takeOverByBot,
  team,
  trash,
  unassign,
  unmarkAsSpam,
  user,
  users,
  workloads,
  type Candidate,
  type Channel,
  type Routing,
} from '@threadbook/core'
import { fold } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import { ada, openDesk, right, type Desk } from './fixtures.js'

const [bo, cy] = [user('bo'), user('cy')]
const system = 'system' as const

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
  for (const userId of ['bo', 'cy']) await desk.ask(addUser({ userId, actor: system }))
})

const routed = (routing: Routing, channel: Channel = 'email') =>
  desk.ask(changeRouting({ inboxId: 'support', channel, routing, actor: system }))
const these = (...owners: `user:${string}`[]): Routing => ({ to: 'these', owners })
const limited = (userId: string, conversations: number) =>
  desk.ask(changeCapacity({ userId, conversations, actor: system }))

const arrives = async (incoming: Parameters<Desk['receive']>[0] = {}) => {
  const id = await desk.receive(incoming)
  await desk.inbox.settled()
  return id
}
const ownerOf = async (id: string) => (await desk.row(id))?.owner
const workOf = async (id: string) =>
  right(await desk.inbox.door.commands.read('main', workloads, id)).open.size

describe('what comes in', () => {
  it('K-09 is left unassigned unless told', async () => {
    const id = await arrives()
    expect(await ownerOf(id)).toBeNull()
    expect(await desk.shownIn(id)).toContain('unassigned')
  })

  it('K-09 is assigned by the routing of its own channel, by the system', async () => {
    await routed(these(bo))
    expect(await ownerOf(await arrives({ channel: 'chat' }))).toBeNull()
    const id = await arrives()
    expect(await ownerOf(id)).toBe(bo)
    expect((await desk.stream('conversation', id)).at(-1)).toMatchObject({
      type: 'Assigned',
      metadata: { actor: 'system' },
    })
  })

  it('K-09 goes to the members of a team that is named', async () => {
    await desk.ask(createTeam({ teamId: 'crew', name: 'Crew', actor: system }))
    await desk.ask(addTeamMember({ teamId: 'crew', userId: 'cy', actor: system }))
    await routed({ to: 'these', owners: [team('crew')] })
    expect(await ownerOf(await arrives())).toBe(cy)
  })

  it('K-09 goes to the contact’s owner, else to the fallback', async () => {
    await routed({ to: 'contactOwner', fallback: { to: 'these', owners: [cy] } })
    const { contactId: contact } = await desk.ask(createContact({ name: 'Zoe', actor: system }))
    expect(await ownerOf(await arrives({ contact: contact! }))).toBe(cy)
    await desk.ask(changeContactOwner({ contactId: contact!, owner: bo, actor: system }))
    expect(await ownerOf(await arrives({ contact: contact! }))).toBe(bo)
    await desk.ask(changeAvailability({ userId: 'bo', availability: 'away', actor: bo }))
    expect(await ownerOf(await arrives({ contact: contact! }))).toBe(cy)
    expect(await ownerOf(await arrives())).toBe(cy)
  })

  it('K-09 is nobody’s as long as it is spam, and routed once it is not', async () => {
    await routed(these(bo))
    const id = await arrives({ spam: 'marketing' })
    expect(await ownerOf(id)).toBeNull()
    await desk.ask(unmarkAsSpam({ conversationId: id, actor: ada }))
    await desk.inbox.settled()
    expect(await ownerOf(id)).toBe(bo)
  })

  it('K-09 stays with who has it already', async () => {
    const id = await desk.receive()
    await desk.ask(reply({ conversationId: id, text: 'Hi', actor: ada }))
    await routed(these(bo))
    await desk.ask(route({ conversationId: id, actor: system }))
    expect(await ownerOf(id)).toBe(ada)
  })
})

describe('those who are eligible', () => {
  it('K-10 share e-mail evenly', async () => {
    await routed(these(bo, cy))
    const owners: unknown[] = []
    for (let n = 0; n < 4; n++) owners.push(await ownerOf(await arrives()))
    expect(owners).toEqual([bo, cy, bo, cy])
  })

  it('K-10 give chats to the first who is available', async () => {
    await routed(these(bo, cy), 'chat')
    const chat = async () => ownerOf(await arrives({ channel: 'chat' }))
    expect([await chat(), await chat()]).toEqual([bo, bo])
    await desk.ask(changeAvailability({ userId: 'bo', availability: 'away', actor: bo }))
    expect(await chat()).toBe(cy)
  })

  it('K-11 are Available, have access, and are below their capacity; else it stays unassigned', async () => {
    await routed(these(bo, cy))
    await limited('bo', 1)
    await desk.ask(changeMembers({ inboxId: 'support', members: [bo], actor: system }))
    const [first, second] = [await arrives(), await arrives()]
    expect([await ownerOf(first), await ownerOf(second)]).toEqual([bo, null])
    expect(await desk.shownIn(second)).toContain('unassigned')
    await desk.ask(close({ conversationId: first, actor: bo }))
    await desk.inbox.settled()
    expect(await ownerOf(await arrives())).toBe(bo)
  })

  it('K-11 have less to do once it is closed, trashed, given up or taken over', async () => {
    await routed(these(bo))
    const [a, b, c, d] = [await arrives(), await arrives(), await arrives(), await arrives()]
    expect(await workOf('bo')).toBe(4)
    await desk.ask(close({ conversationId: a, actor: bo }))
    await desk.ask(trash({ conversationId: b, actor: bo }))
    await desk.ask(unassign({ conversationId: c, actor: bo }))
    await desk.ask(assign({ conversationId: d, owner: cy, actor: bo }))
    await desk.inbox.settled()
    expect([await workOf('bo'), await workOf('cy')]).toEqual([0, 1])
    await desk.ask(countWork({ conversationId: d, actor: system }))
    expect(await workOf('cy')).toBe(1)
  })

  it('K-11 have what they had before routing began', async () => {
    const id = await desk.receive()
    await desk.ask(assign({ conversationId: id, owner: bo, actor: ada }))
    await limited('bo', 1)
    await routed(these(bo))
    await desk.inbox.settled()
    expect(await workOf('bo')).toBe(1)
    expect(await ownerOf(await arrives())).toBeNull()
  })

  it('K-11 get no more than they take, however many arrive at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(3),
        fc.nat(3),
        fc.integer({ min: 1, max: 12 }),
        async (b, c, many) => {
          desk = await openDesk()
          for (const [userId, most] of [
            ['bo', b],
            ['cy', c],
          ] as const) {
            await desk.ask(addUser({ userId, actor: system }))
            await limited(userId, most)
          }
          const ids: string[] = []
          for (let n = 0; n < many; n++) ids.push(await desk.receive())
          await routed(these(bo, cy))
          await desk.inbox.settled()
          await Promise.all(
            ids.map((conversationId) =>
              desk.inbox.execute(route({ conversationId, actor: system })).then(right),
            ),
          )
          await desk.inbox.settled()
          const owners = await Promise.all(ids.map(ownerOf))
          expect(owners.filter((owner) => owner === bo).length).toBeLessThanOrEqual(b)
          expect(owners.filter((owner) => owner === cy).length).toBeLessThanOrEqual(c)
          expect(owners.filter((owner) => owner !== null)).toHaveLength(Math.min(many, b + c))
          await desk.inbox.close()
        },
      ),
      { numRuns: 15 },
    )
  })

  it('K-10 K-11 are chosen in the same way whenever the same is known', () => {
    const idle = { open: new Set<string>(), taken: 0 }
    const candidate = (id: string, change: Partial<Candidate> = {}): Candidate => ({
      id,
      user: fold(users, []),
      access: true,
      work: idle,
      ...change,
    })
    const now = desk.clock.now()
    const busy = { open: new Set(['c']), taken: 1 }
    expect(pick('email', [candidate('a'), candidate('b')], now)?.id).toBe('a')
    expect(pick('email', [candidate('a', { work: busy }), candidate('b')], now)?.id).toBe('b')
    const experienced = { open: new Set<string>(), taken: 5 }
    expect(pick('email', [candidate('a', { work: experienced }), candidate('b')], now)?.id).toBe(
      'b',
    )
    expect(pick('chat', [candidate('a', { work: busy }), candidate('b')], now)?.id).toBe('a')
    expect(pick('email', [candidate('a', { access: false })], now)).toBeUndefined()
  })
})

describe('inbox hours', () => {
  // The desk's clock begins on a Monday at 9.
  const hours = (from: string, to: string) => ({ zone: 'UTC', week: { monday: [{ from, to }] } })

  it('K-14 come before availability: outside them a bot’s hand-off leaves it in Unassigned', async () => {
    await routed(these(bo), 'chat')
    await desk.ask(
      changeInboxHours({ inboxId: 'support', hours: hours('20:00', '21:00'), actor: system }),
    )
    const id = await arrives({ channel: 'chat' })
    await desk.ask(
      takeOverByBot({ conversationId: id, chatflowId: 'f', chatflowName: 'Hi', actor: 'bot:f' }),
    )
    expect(await desk.shownIn(id)).toContain('bots')
    expect(await desk.shownIn(id)).not.toContain('unassigned')
    await desk.ask(handOff({ conversationId: id, owner: cy, actor: 'bot:f' }))
    await desk.inbox.settled()
    expect(await ownerOf(id)).toBeNull()
    expect(await desk.shownIn(id)).toContain('unassigned')
  })

  it('K-14 inside them the hand-off is routed', async () => {
    await desk.ask(
      changeInboxHours({ inboxId: 'support', hours: hours('08:00', '21:00'), actor: system }),
    )
    const id = await arrives({ channel: 'chat' })
    await desk.ask(
      takeOverByBot({ conversationId: id, chatflowId: 'f', chatflowName: 'Hi', actor: 'bot:f' }),
    )
    await routed(these(bo), 'chat')
    await desk.ask(handOff({ conversationId: id, actor: 'bot:f' }))
    await desk.inbox.settled()
    expect(await ownerOf(id)).toBe(bo)
  })
})

describe('availability, as it is shown', () => {
  it('S-098 S-099 S-100 is one to the team, another to a visitor, and says when it changes', async () => {
    const id = await desk.receive({ channel: 'chat' })
    await desk.ask(assign({ conversationId: id, owner: bo, actor: ada }))
    await desk.ask(changeAvailability({ userId: 'bo', availability: 'away', actor: bo }))
    const shown = async (conversationId?: string) =>
      right(await desk.inbox.availability('bo', { conversationId }))
    expect(await shown()).toEqual({ availability: 'away', toVisitor: 'away', next: null })
    expect(await shown(id)).toMatchObject({ availability: 'away', toVisitor: 'available' })
    const week = { monday: [{ from: '10:00', to: '17:00' }] }
    await desk.ask(changeWorkingHours({ userId: 'bo', hours: { zone: 'UTC', week }, actor: bo }))
    expect((await shown()).next).toEqual({
      at: '2026-03-02T10:00:00.000Z',
      availability: 'available',
    })
  })
})

describe('who goes Away', () => {
  const leaves = async () => {
    await desk.ask(changeAvailability({ userId: 'bo', availability: 'away', actor: bo }))
    await desk.inbox.settled()
  }

  it('D-19 S-100 keeps what is theirs', async () => {
    await routed(these(bo, cy))
    const id = await arrives()
    await leaves()
    expect(await ownerOf(id)).toBe(bo)
  })

  it('D-19 hands it over where the account wants that, by the system', async () => {
    const opening = { createdOn: '2026-01-01', zone: 'UTC', edition: 'free' as const }
    await desk.ask(openAccount({ ...opening, actor: system }))
    await desk.ask(changeAccountPolicies({ handOverWhenAway: true, actor: system }))
    await routed(these(bo, cy))
    const id = await arrives()
    await leaves()
    expect(await ownerOf(id)).toBe(cy)
    const acts = (await desk.stream('conversation', id)).slice(-2)
    expect(acts).toMatchObject([
      { type: 'Unassigned', metadata: { actor: 'system' } },
      { type: 'Assigned', metadata: { actor: 'system' } },
    ])
  })
})
