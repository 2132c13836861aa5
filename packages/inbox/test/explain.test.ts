/** Why a conversation is in a view: which event, by whom, when, and what holds now. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addTeamMember,
  addUser,
  assign,
  changeMembers,
  changeView,
  close,
  createTeam,
  createView,
  deleteView,
  markAsSpam,
  mergeInto,
  moveToInbox,
  purge,
  removeTeamMember,
  removeUser,
  reopen,
  restore,
  team,
  trash,
  unmerge,
  user,
  type ConversationFilter,
  type Role,
} from '@threadbook/core'
import type { ExplainRequest, Explanation } from '@threadbook/inbox'
import { ada, openDesk, right, type Desk } from './fixtures.js'

const [bo, cy] = [user('bo'), user('cy')]
let desk: Desk
let conversationId: string

beforeEach(async () => {
  desk = await openDesk()
  conversationId = await desk.receive()
})

type View = Parameters<Desk['inbox']['explain']>[1]

const explained = async (view: View, request: ExplainRequest = {}): Promise<Explanation> =>
  right(await desk.inbox.explain(conversationId, view, request))

/** `entered MessageReceived contact`, `left time` */
const story = ({ transitions }: Explanation): readonly string[] =>
  transitions.map(({ change, because }) =>
    because.type === 'time' ? `${change} time` : `${change} ${because.event} ${because.actor}`,
  )

const add = (userId: string, ...roles: readonly Role[]) =>
  desk.ask(addUser({ userId, name: userId, roles, actor: 'system' }))

const condition = (attribute: string, operator: string, value?: unknown) =>
  ({ attribute, operator, ...(value !== undefined && { value }) }) as ConversationFilter

const failing = ({ terms }: Explanation) =>
  terms.flatMap(({ text, holds, found }) => (holds ? [] : [{ text, found }]))

describe('a standard view', () => {
  it('D-02 names the event, who did it, when, and where that stands', async () => {
    await desk.ask(assign({ conversationId, owner: bo, actor: ada }))
    const event = (await desk.stream('conversation', conversationId)).at(-1)!
    const told = await explained('unassigned')
    expect(told).toMatchObject({
      conversationId,
      view: 'unassigned',
      name: 'Unassigned',
      isIn: false,
    })
    expect(told.transitions.at(-1)).toEqual({
      change: 'left',
      because: {
        type: 'event',
        event: 'Assigned',
        eventId: event.id,
        category: 'conversation',
        stream: event.stream,
        revision: event.revision,
        position: event.position,
        actor: 'user:ada',
        commandId: event.metadata.commandId,
        occurredAt: event.metadata.occurredAt,
        recordedAt: event.metadata.recordedAt,
      },
      turned: ['assignee:none'],
    })
    expect(failing(told)).toEqual([{ text: 'assignee:none', found: 'user:bo' }])
  })

  it('D-04 tells every term in the words of a search box', async () => {
    const told = await explained('unassigned')
    expect(told.isIn).toBe(true)
    expect(told.terms.map(({ text, holds, found }) => [text, holds, found])).toEqual([
      ['inbox:support', true, 'support'],
      ['merged:no', true, false],
      ['onhelpdesk:no', true, false],
      ['trashed:no', true, false],
      ['filtered:no', true, false],
      ['hasinbound:yes', true, true],
      ['assignee:none', true, null],
      ['automated:no', true, false],
      ['snoozed:no', true, false],
      ['status:open', true, 'open'],
    ])
  })

  it('S-104 by closing, spam, trash and back', async () => {
    await desk.ask(close({ conversationId, actor: ada }))
    await desk.ask(reopen({ conversationId, actor: bo }))
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.ask(restore({ conversationId, actor: bo }))
    await desk.ask(markAsSpam({ conversationId, actor: 'system' }))
    expect(story(await explained('allOpen'))).toEqual([
      'entered MessageReceived contact',
      'left Closed user:ada',
      'entered Reopened user:bo',
      'left Trashed user:ada',
      'entered Restored user:bo',
      'left MarkedAsSpam system',
    ])
    expect(story(await explained('trash'))).toEqual([
      'entered Trashed user:ada',
      'left Restored user:bo',
    ])
  })

  it('D-24 by a merge and its undo', async () => {
    const target = await desk.receive()
    await desk.ask(mergeInto({ conversationId, target, actor: ada }))
    await desk.ask(unmerge({ conversationId, actor: bo }))
    expect(story(await explained('email'))).toEqual([
      'entered MessageReceived contact',
      'left MergedInto user:ada',
      'entered Unmerged user:bo',
    ])
  })

  it('S-044 also of what was purged since: that it was there, and who took it away', async () => {
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.ask(purge({ conversationId, actor: bo }))
    const told = await explained('trash')
    expect(story(told)).toEqual(['entered Trashed user:ada', 'left Purged user:bo'])
    expect(told).toMatchObject({ isIn: false, terms: [] })
  })

  it('S-003 of the inbox that is meant', async () => {
    await desk.ask({ type: 'CreateInbox', inboxId: 'sales', name: 'Sales', actor: 'system' })
    await desk.ask(moveToInbox({ conversationId, inbox: 'sales', actor: ada }))
    const left = await explained('allOpen')
    expect(story(left)).toEqual(['entered MessageReceived contact', 'left MovedToInbox user:ada'])
    expect(failing(left)).toEqual([{ text: 'inbox:support', found: 'sales' }])
    expect(story(await explained('allOpen', { inbox: 'sales' }))).toEqual([
      'entered MovedToInbox user:ada',
    ])
    expect(story(await explained('allOpen', { inbox: 'all' }))).toHaveLength(1)
  })

  it('D-04 by the teams that somebody joins and leaves', async () => {
    await desk.ask(createTeam({ teamId: 'night', name: 'Night', actor: 'system' }))
    await desk.ask(assign({ conversationId, owner: team('night'), actor: ada }))
    await desk.ask(addTeamMember({ teamId: 'night', userId: 'bo', actor: 'system' }))
    await desk.ask(removeTeamMember({ teamId: 'night', userId: 'bo', actor: ada }))
    expect(story(await explained('assignedToMe', { viewer: 'bo', teams: 'mine' }))).toEqual([
      'entered TeamMemberAdded system',
      'left TeamMemberRemoved user:ada',
    ])
    expect(story(await explained('assignedToMe', { viewer: 'bo', teams: ['night'] }))).toEqual([
      'entered Assigned user:ada',
    ])
  })
})

describe('a custom view', () => {
  const make = async (filter: ConversationFilter, more: object = {}) => ({
    view: (await desk.ask(createView({ name: 'Mine', filter, actor: ada, ...more }))).viewId!,
  })

  it('K-08 by what became of the view: made, changed, deleted', async () => {
    const view = await make(condition('status', 'is', 'open'))
    await desk.ask(
      changeView({ viewId: view.view, filter: condition('owner', 'isKnown'), actor: ada }),
    )
    await desk.ask(assign({ conversationId, owner: bo, actor: cy }))
    await desk.ask(deleteView({ viewId: view.view, actor: ada }))
    const told = await explained(view, { viewer: 'ada' })
    expect(story(told)).toEqual([
      'entered ViewCreated user:ada',
      'left ViewChanged user:ada',
      'entered Assigned user:cy',
      'left ViewDeleted user:ada',
    ])
    expect(told).toMatchObject({ name: 'Mine', isIn: false, terms: [] })
  })

  it('K-08 tells the parts of its filter, and what every list leaves out', async () => {
    const view = await make({
      and: [
        { or: [condition('label', 'hasOneOf', ['vip']), condition('channel', 'isNot', 'email')] },
        condition('lastMessageAt', 'from', { ago: 7, unit: 'days' }),
      ],
    })
    const { terms } = await explained(view, { viewer: 'ada' })
    expect(terms.map(({ text, holds }) => [text, holds])).toEqual([
      ['inbox:support', true],
      ['merged:no', true],
      ['onhelpdesk:no', true],
      ['-lastdirection:none', true],
      ['-(bottookpart:yes hasinbound:no)', true],
      ['trashed:no', true],
      ['filtered:no', true],
      ['(label:vip or -channel:email)', false],
      ['last:>=7d', true],
    ])
    expect(
      terms.find(({ parts }) => parts?.length === 2 && parts[0]?.text === 'label:vip'),
    ).toEqual({
      text: '(label:vip or -channel:email)',
      holds: false,
      parts: [
        { text: 'label:vip', holds: false, found: [] },
        { text: '-channel:email', holds: false, found: 'email' },
      ],
    })
  })

  it('K-08 by the passing of time alone, to the moment', async () => {
    const view = await make(condition('lastMessageAt', 'from', { ago: 1, unit: 'days' }))
    desk.clock.pass({ days: 5 })
    const told = await explained(view, { viewer: 'ada' })
    expect(told.transitions.at(-1)).toEqual({
      change: 'left',
      because: { type: 'time', at: '2026-03-04T00:00:00.000Z' },
      turned: ['last:>=1d'],
    })
  })

  it('D-13 by what its viewer reads', async () => {
    const view = await make(condition('unread', 'is', true), { visibility: { to: 'account' } })
    await desk.ask({ type: 'MarkRead', conversationId, actor: ada })
    await desk.ask({ type: 'MarkUnread', conversationId, actor: ada })
    expect(story(await explained(view, { viewer: 'ada' }))).toEqual([
      'entered ViewCreated user:ada',
      'left ConversationRead user:ada',
      'entered ConversationMarkedUnread user:ada',
    ])
    expect(story(await explained(view, { viewer: 'bo' }))).toEqual(['entered ViewCreated user:ada'])
  })

  it('S-004 tells nothing of a view that its viewer does not see', async () => {
    const view = await make(condition('status', 'is', 'open'))
    const none = { _tag: 'Left', left: { type: 'NoSuchView', view: view.view } }
    expect(await desk.inbox.explain(conversationId, view, { viewer: 'bo' })).toEqual(none)
    await desk.ask(deleteView({ viewId: view.view, actor: ada }))
    expect(await desk.inbox.explain(conversationId, view, { viewer: 'bo' })).toEqual(none)
    expect(await desk.inbox.explain(conversationId, { view: 'never' })).toMatchObject({
      left: { type: 'NoSuchView', view: 'never' },
    })
  })
})

describe('who may know', () => {
  beforeEach(async () => {
    await add('bo')
    await add('cy')
    await desk.ask({ type: 'CreateInbox', inboxId: 'sales', name: 'Sales', actor: 'system' })
  })

  it('K-15 access given and taken is told to who has it now', async () => {
    const members = (...who: readonly (typeof bo)[]) =>
      desk.ask(changeMembers({ inboxId: 'support', members: who, actor: 'system' }))
    await members(cy)
    await members(cy, bo)
    expect(story(await explained('allOpen', { viewer: 'bo' }))).toEqual([
      'entered MessageReceived contact',
      'left MembersChanged system',
      'entered MembersChanged system',
    ])
    await members(cy)
    const refused = { _tag: 'Left', left: { type: 'NoAccess', inbox: 'support' } }
    expect(await desk.inbox.explain(conversationId, 'allOpen', { viewer: 'bo' })).toEqual(refused)
    expect(await desk.inbox.explain('never', 'allOpen', { viewer: 'bo' })).toEqual(refused)
  })

  it('K-15 of a conversation elsewhere nothing is told, as if there were none', async () => {
    await desk.ask(changeMembers({ inboxId: 'sales', members: [cy], actor: 'system' }))
    await desk.ask(moveToInbox({ conversationId, inbox: 'sales', actor: ada }))
    for (const inbox of ['support', 'all'])
      for (const id of [conversationId, 'never', ''])
        expect(await desk.inbox.explain(id, 'allOpen', { viewer: 'bo', inbox })).toEqual({
          _tag: 'Left',
          left: { type: 'NoSuchConversation', conversationId: id },
        })
    expect((await explained('allOpen', { viewer: 'cy' })).isIn).toBe(false)
  })

  it('K-15 D-16 neither after a purge, nor to who is gone, nor to another account', async () => {
    await desk.ask(changeMembers({ inboxId: 'sales', members: [cy], actor: 'system' }))
    await desk.ask(moveToInbox({ conversationId, inbox: 'sales', actor: ada }))
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.ask(purge({ conversationId, actor: ada }))
    const all = { viewer: 'bo', inbox: 'all' }
    expect(await desk.inbox.explain(conversationId, 'trash', all)).toMatchObject({
      left: { type: 'NoSuchConversation' },
    })
    expect((await explained('trash', { viewer: 'cy', inbox: 'all' })).transitions).toHaveLength(2)
    await desk.ask(removeUser({ userId: 'cy', actor: 'system' }))
    expect(
      await desk.inbox.explain(conversationId, 'trash', { viewer: 'cy', inbox: 'all' }),
    ).toMatchObject({ left: { type: 'NoSuchConversation' } })
    expect(await desk.inbox.account('other').explain(conversationId, 'trash')).toMatchObject({
      left: { type: 'NoSuchConversation' },
    })
  })

  it('asks what a list would ask for', async () => {
    expect(await desk.inbox.explain(conversationId, 'assignedToMe')).toMatchObject({
      left: { type: 'InvalidQuery', field: 'viewer' },
    })
    expect(await desk.inbox.explain(conversationId, 'inboxes' as 'spam')).toMatchObject({
      left: { type: 'InvalidQuery', field: 'view' },
    })
  })
})
