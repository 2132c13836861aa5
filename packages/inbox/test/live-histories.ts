/** Random work at a desk, and lists that are looked at meanwhile. */
import {
  addTeamMember,
  addUser,
  assign,
  associateContact,
  changeMembers,
  changeView,
  close,
  connectChannel,
  createContact,
  createInbox,
  createTeam,
  createView,
  disassociateContact,
  hideMessage,
  markAsSpam,
  markRead,
  markUnread,
  moveToInbox,
  nameContact,
  purge,
  removeTeamMember,
  reopen,
  reply,
  restore,
  setConversationProperty,
  snooze,
  team,
  trash,
  unassign,
  unhideMessage,
  unmarkAsSpam,
  user,
  type ConversationFilter,
  type Request,
} from '@threadbook/core'
import { expect } from '@jest/globals'
import * as fc from 'fast-check'
import { ada, type Desk } from './fixtures.js'
import { listAll, LiveList, type View } from './live-list.js'

const bo = user('bo')
const system = { actor: 'system' } as const

/** What is there from the start. */
export interface Setting {
  readonly views: Readonly<Record<'labelled' | 'unread' | 'mine' | 'recent', string>>
  readonly contactId: string
  readonly conversations: string[]
  readonly messages: { readonly conversationId: string; readonly messageId: string }[]
}

const condition = (attribute: string, operator: string, value: unknown) =>
  ({ attribute, operator, value }) as ConversationFilter

/** `ada` is the host's own, who may see all; `bo` a member. */
export const prepare = async (desk: Desk): Promise<Setting> => {
  for (const request of [
    createInbox({ inboxId: 'sales', name: 'Sales', ...system }),
    connectChannel({ inboxId: 'sales', channel: 'email', address: 'sales@example.com', ...system }),
    addUser({ userId: 'bo', roles: ['member'], ...system }),
    createTeam({ teamId: 'night', name: 'Night', ...system }),
  ])
    await desk.ask(request)
  const make = async (name: string, filter: ConversationFilter) =>
    (await desk.ask(createView({ name, filter, visibility: { to: 'account' }, actor: ada })))
      .viewId!
  return {
    views: {
      labelled: await make('Gold', condition('property.tier', 'is', 'gold')),
      unread: await make('Unread', condition('unread', 'is', true)),
      mine: await make('Mine', {
        and: [condition('unread', 'is', false), condition('owner', 'is', 'me')],
      }),
      recent: await make('Recent', condition('lastMessageAt', 'from', { ago: 1, unit: 'days' })),
    },
    contactId: (await desk.ask(createContact({ name: 'Cy', ...system }))).contactId!,
    conversations: [],
    messages: [],
  }
}

const kinds = [
  'receive',
  'receive',
  'answer',
  'assign',
  'unassign',
  'close',
  'reopen',
  'trash',
  'restore',
  'purge',
  'spam',
  'notSpam',
  'hide',
  'unhide',
  'read',
  'markUnread',
  'name',
  'associate',
  'disassociate',
  'property',
  'snooze',
  'move',
  'members',
  'team',
  'editView',
  'days',
] as const

export interface Act {
  readonly kind: (typeof kinds)[number]
  readonly which: number
  readonly how: number
}

export const acts: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom(...kinds),
  which: fc.nat({ max: 3 }),
  how: fc.nat({ max: 3 }),
})

const requestFor = (
  { kind, which, how }: Act,
  setting: Setting,
  desk: Desk,
): Request | undefined => {
  const { conversations, messages, contactId, views } = setting
  const conversationId = conversations[which % Math.max(1, conversations.length)] ?? 'nobody'
  const message = messages[(which * 4 + how) % Math.max(1, messages.length)]
  const actor = how % 2 === 0 ? ada : bo
  const it = { conversationId, actor }
  switch (kind) {
    case 'answer':
      return reply({ ...it, text: `Answer ${String(how)}` })
    case 'assign':
      return assign({ ...it, owner: [ada, bo, team('night'), ada][how]! })
    case 'unassign':
      return unassign(it)
    case 'close':
      return close(it)
    case 'reopen':
      return reopen(it)
    case 'trash':
      return trash(it)
    case 'restore':
      return restore(it)
    case 'purge':
      return purge(it)
    case 'spam':
      return markAsSpam(it)
    case 'notSpam':
      return unmarkAsSpam(it)
    case 'hide':
      return message && hideMessage({ ...message, actor: ada })
    case 'unhide':
      return message && unhideMessage({ ...message, actor: ada })
    case 'read':
      return markRead(it)
    case 'markUnread':
      return markUnread(it)
    case 'name':
      return nameContact({ contactId, name: `Cy ${String(which)}`, ...system })
    case 'associate':
      return associateContact({ ...it, contact: contactId })
    case 'disassociate':
      return disassociateContact(it)
    case 'property':
      return setConversationProperty({ ...it, name: 'tier', value: how < 2 ? 'gold' : null })
    case 'snooze':
      return snooze({
        ...it,
        until: new Date(Date.parse(desk.clock.now()) + 3_600_000).toISOString(),
      })
    case 'move':
      return moveToInbox({ ...it, inbox: how < 2 ? 'sales' : 'support' })
    case 'members': {
      const members = [[ada], [bo], [team('night')], 'everyone'] as const
      return changeMembers({
        inboxId: which < 2 ? 'support' : 'sales',
        members: members[how]!,
        ...system,
      })
    }
    case 'team': {
      const member = { teamId: 'night', userId: which < 2 ? 'ada' : 'bo', ...system }
      return how < 2 ? addTeamMember(member) : removeTeamMember(member)
    }
    case 'editView':
      return changeView({
        viewId: views.labelled,
        filter: condition('property.tier', how < 2 ? 'is' : 'isNot', 'gold'),
        actor: ada,
      })
    case 'receive':
    case 'days':
      return undefined
  }
}

/** Whatever is refused is: the rest goes on. */
export const perform = async (act: Act, setting: Setting, desk: Desk): Promise<void> => {
  const { conversations, messages } = setting
  desk.clock.pass(act.kind === 'days' ? { days: act.how } : { minutes: 1 })
  if (act.kind === 'days') await desk.inbox.tick(desk.clock.now())
  if (act.kind === 'receive') {
    const conversationId = act.how < 2 ? conversations[act.which] : undefined
    const request = await desk.requestOf({
      text: `Words ${String(messages.length)}`,
      ...(conversationId !== undefined && { conversationId }),
      ...(conversationId === undefined && act.how === 3 && { contact: setting.contactId }),
    })
    const answer = await desk.inbox.execute(request)
    if (answer._tag === 'Left') return
    if (conversationId === undefined) conversations.push(request.conversationId)
    messages.push({
      conversationId: request.conversationId,
      messageId: request.message.messageId,
    })
    return
  }
  const request = requestFor(act, setting, desk)
  if (request !== undefined) await desk.inbox.execute(request)
}

/** Every kind of view, for who may see all and for who may not. */
export const screens = ({
  views,
}: Setting): readonly (readonly [View, { viewer: string; inbox?: 'all'; teams?: 'mine' }])[] => [
  ['unassigned', { viewer: 'bo' }],
  ['assignedToMe', { viewer: 'bo', inbox: 'all', teams: 'mine' }],
  ['assignedToMe', { viewer: 'ada', teams: 'mine' }],
  ['allOpen', { viewer: 'ada', inbox: 'all' }],
  ['allOpen', { viewer: 'bo', inbox: 'all' }],
  ['trash', { viewer: 'ada' }],
  [{ view: views.labelled }, { viewer: 'bo', inbox: 'all' }],
  [{ view: views.unread }, { viewer: 'ada', inbox: 'all' }],
  [{ view: views.mine }, { viewer: 'bo', inbox: 'all' }],
  [{ view: views.recent }, { viewer: 'ada' }],
]

/** A step of a list: it reads some messages, or goes away and comes back. */
export interface Reading {
  readonly list: number
  readonly messages: number
  readonly comesBack: boolean
}

export const readings: fc.Arbitrary<Reading> = fc.record({
  list: fc.nat({ max: 9 }),
  messages: fc.nat({ max: 6 }),
  comesBack: fc.boolean(),
})

/** Lists that were only told what changed hold what is listed anew in the end. */
export const expectLists = async (
  desk: Desk,
  setting: Setting,
  steps: readonly (Act | Reading)[],
): Promise<readonly LiveList[]> => {
  const lists = screens(setting).map(([view, scope]) => new LiveList(desk.inbox, view, scope))
  for (const step of steps) {
    if ('kind' in step) {
      await perform(step, setting, desk)
      continue
    }
    const list = lists[step.list]!
    if (list.refused !== undefined || step.comesBack) {
      list.refused = undefined
      await list.comeBack()
    }
    await list.readSome(step.messages)
  }
  await desk.inbox.caughtUp()
  for (const list of lists) {
    if (list.refused === undefined) {
      await list.comeBack()
      await list.catchUp()
    }
    const listed = await listAll(desk.inbox, list.view, list.scope)
    if (list.refused === undefined) expect(list.items).toEqual(listed)
    else expect(list.items.size).toBe(0)
  }
  for (const list of lists) await list.end()
  return lists
}
