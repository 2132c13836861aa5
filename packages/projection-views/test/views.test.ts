import { describe, expect, it } from '@jest/globals'
import { team, user } from '@threadbook/core'
import { viewOf, views } from '../src/index.js'
import {
  assigned,
  bot,
  closed,
  commented,
  handedOff,
  isIn,
  markedAsSpam,
  mergedInto,
  purged,
  received,
  reopened,
  restored,
  rowOf,
  sent,
  shownIn,
  snoozed,
  started,
  trashed,
  unassigned,
  unmarkedAsSpam,
  woken,
} from './fixtures.js'

const ada = user('ada')
const bo = user('bo')
const mail = [started(), received()]
const chat = [started({ channel: 'chat' }), received({ channel: 'chat' })]
const botChat = [started({ channel: 'chat' }), bot(), received({ channel: 'chat' })]

describe('the catalogue', () => {
  it('S-022 lists thirteen views in the order and the words of the guide', () =>
    expect(views.map(({ name }) => name)).toEqual([
      'Unassigned',
      'Assigned to me',
      'All open',
      'Chat',
      'Bots',
      'Email',
      'Messenger',
      'Forms',
      'Calls',
      'All closed',
      'Sent',
      'Spam',
      'Trash',
    ]))
  it('S-023 shows four always and the others behind More', () =>
    expect(views.filter(({ shown }) => shown === 'always').map(({ key }) => key)).toEqual([
      'unassigned',
      'assignedToMe',
      'allOpen',
      'chat',
    ]))
  it('S-019 sorts every view newest first by default', () =>
    expect(new Set(views.map(({ sort }) => sort))).toEqual(new Set(['newestFirst'])))
  it('D-04 gives each view but All open and All closed a choice of status', () =>
    expect(views.filter(({ statusChoice }) => !statusChoice).map(({ key }) => key)).toEqual([
      'allOpen',
      'allClosed',
    ]))
  it('D-04 shows the open ones of the two queues by default, and all of the others', () => {
    const open = ['unassigned', 'assignedToMe', 'allOpen']
    for (const { key, status } of views)
      expect([key, status]).toEqual([
        key,
        open.includes(key) ? 'open' : key === 'allClosed' ? 'closed' : 'any',
      ])
  })
})

describe('where a conversation shows', () => {
  it('S-021 shows by owner, by channel and by being filtered', () => {
    expect(shownIn(...mail)).toEqual(['unassigned', 'allOpen', 'email'])
    expect(shownIn(...mail, assigned(ada))).toEqual(['assignedToMe', 'allOpen', 'email'])
    expect(shownIn(...mail, markedAsSpam())).toEqual(['spam'])
  })
  it('S-024 is in Unassigned without an owner, and again once the owner is taken off', () => {
    expect(shownIn(...mail)).toContain('unassigned')
    expect(shownIn(...mail, assigned(ada))).not.toContain('unassigned')
    expect(shownIn(...mail, assigned(ada), unassigned)).toContain('unassigned')
  })
  it('S-025 is in Assigned to me once the contact has written, and only in mine', () => {
    const composed = [started(), sent({ kind: 'composed' }), assigned(ada)]
    expect(shownIn(...composed)).not.toContain('assignedToMe')
    expect(shownIn(...composed, received())).toContain('assignedToMe')
    expect(shownIn(...mail, assigned(bo))).not.toContain('assignedToMe')
  })
  it('S-026 is in All open while it is open', () => {
    expect(shownIn(...mail)).toContain('allOpen')
    expect(shownIn(...mail, closed)).not.toContain('allOpen')
    expect(shownIn(...mail, closed, reopened)).toContain('allOpen')
  })
  it('S-027 is in Unassigned when its owner was removed and the system took them off', () =>
    expect(shownIn(...mail, assigned(ada), { ...unassigned, actor: 'system' })).toContain(
      'unassigned',
    ))
  it('S-028 is not in All open after a composed mail until the contact replies', () => {
    expect(shownIn(started(), sent({ kind: 'composed' }))).toEqual(['sent'])
    expect(shownIn(started(), sent({ kind: 'composed' }), received())).toContain('allOpen')
  })
  it('S-029 is in Chat when it came by a chat widget', () =>
    expect(shownIn(...chat)).toEqual(['unassigned', 'allOpen', 'chat']))
  it('S-030 is in Bots until it has an owner', () => {
    expect(shownIn(...botChat)).toEqual(['allOpen', 'chat', 'bots'])
    expect(shownIn(...botChat, handedOff, assigned(ada))).not.toContain('bots')
  })
  it.each([
    ['S-031', 'email', 'email'],
    ['S-032', 'messenger', 'messenger'],
    ['S-033', 'form', 'forms'],
    ['S-034', 'call', 'calls'],
  ] as const)('%s shows what came by %s in %s, open or closed', (_, channel, view) => {
    const history = [started({ channel }), received({ channel })]
    expect(shownIn(...history)).toEqual(['unassigned', 'allOpen', view])
    expect(shownIn(...history, closed)).toEqual([view, 'allClosed'])
  })
  it('S-035 is in All closed once closed, outbound ones too', () => {
    expect(shownIn(...mail, closed)).toEqual(['email', 'allClosed'])
    expect(shownIn(started(), sent({ kind: 'composed' }), closed)).toEqual(['allClosed', 'sent'])
  })
  it('S-036 is in Sent when the latest message went out by e-mail, from here or from a record', () => {
    expect(shownIn(started(), sent({ kind: 'composed' }))).toContain('sent')
    expect(shownIn(started(), sent({ kind: 'logged' }))).toContain('sent')
    expect(shownIn(...mail, sent())).toContain('sent')
  })
  it('S-108 is not in Sent when the answer went out by chat', () =>
    expect(shownIn(...chat, sent({ channel: 'chat' }))).not.toContain('sent'))
  it('S-037 leaves Sent for the working views when the recipient replies', () =>
    expect(shownIn(started(), sent({ kind: 'composed' }), received())).toEqual([
      'unassigned',
      'allOpen',
      'email',
    ]))
  it('S-038 S-039 is in Spam and nowhere else, whatever the cause', () =>
    expect(shownIn(...mail, markedAsSpam({ cause: 'roleBasedSender' }))).toEqual(['spam']))
  it('S-040 is in Trash and nowhere else', () =>
    expect(shownIn(...mail, sent(), trashed)).toEqual(['trash']))
  it('S-041 S-104 is back where it was after a restore', () => {
    const before = [...mail, assigned(ada), sent(), closed]
    expect(shownIn(...before, trashed, restored)).toEqual(shownIn(...before))
  })
  it('S-044 is in no view once purged', () =>
    expect(shownIn(...mail, trashed, purged())).toEqual([]))
})

describe('facts that do not exclude each other', () => {
  it('S-101 treats a team as an owner, and a bot as none', () => {
    expect(shownIn(...mail, assigned(team('night')))).toEqual(['allOpen', 'email'])
    expect(rowOf(...botChat).owner).toBeNull()
  })
  it('S-102 keeps open and closed apart from spam', () => {
    expect(shownIn(...mail, closed, markedAsSpam(), unmarkedAsSpam)).toContain('allClosed')
    expect(isIn('spam', rowOf(...mail, closed, markedAsSpam()), { status: 'closed' })).toBe(true)
    expect(isIn('spam', rowOf(...mail, closed, markedAsSpam()), { status: 'open' })).toBe(false)
  })
  it('S-103 keeps trash apart from spam and from status', () => {
    const history = [...mail, closed, markedAsSpam(), trashed]
    expect(shownIn(...history)).toEqual(['trash'])
    expect(shownIn(...history, restored)).toEqual(['spam'])
    expect(shownIn(...history, restored, unmarkedAsSpam)).toEqual(['email', 'allClosed'])
  })
  it('D-25 shows what was blocked and trashed in Trash, and in Spam once restored', () => {
    const blocked = [...mail, markedAsSpam({ cause: 'blockedSender' }), trashed]
    expect(shownIn(...blocked)).toEqual(['trash'])
    expect(shownIn(...blocked, restored)).toEqual(['spam'])
  })
  it('S-106 D-02 moves nothing to a view: facts alone decide', () => {
    const facts = rowOf(...mail, assigned(ada))
    expect(isIn('assignedToMe', facts)).toBe(true)
    expect(isIn('assignedToMe', { ...facts, owner: bo })).toBe(false)
  })
  it('S-107 keeps the channel it came by when it is answered by another', () =>
    expect(shownIn(...chat, sent({ channel: 'email' }))).toEqual([
      'unassigned',
      'allOpen',
      'chat',
      'sent',
    ]))
  it('D-01 keeps a row of independent facts', () =>
    expect(rowOf(...mail, assigned(ada), closed, markedAsSpam(), trashed)).toMatchObject({
      owner: ada,
      status: 'closed',
      spam: true,
      trashed: true,
    }))
})

describe('D-03 what counts as an answer from the contact', () => {
  it('is a message, a form or a call from their side', () => {
    for (const channel of ['email', 'form', 'call'] as const)
      expect(rowOf(started({ channel }), received({ channel })).hasInbound).toBe(true)
  })
  it('is neither a comment nor what the team or its bot writes', () =>
    expect(rowOf(started(), sent({ kind: 'bot' }), commented()).hasInbound).toBe(false))
})

describe('D-04', () => {
  it('takes snoozed ones out of the two queues until they wake, and out of nothing else', () => {
    expect(shownIn(...mail, snoozed())).toEqual(['allOpen', 'email'])
    expect(shownIn(...mail, assigned(ada), snoozed())).toEqual(['allOpen', 'email'])
    expect(shownIn(...mail, snoozed(), woken)).toContain('unassigned')
    expect(shownIn(...mail, snoozed(), closed, reopened)).toContain('unassigned')
  })
  it('shows what my team owns by option', () => {
    const row = rowOf(...mail, assigned(team('night')))
    expect(isIn('assignedToMe', row)).toBe(false)
    expect(isIn('assignedToMe', row, { teams: ['day', 'night'] })).toBe(true)
  })
  it('shows nobody anything in Assigned to me without a viewer', () => {
    const row = rowOf(...mail, assigned(ada))
    expect(isIn('assignedToMe', row, { viewer: undefined, teams: ['night'] })).toBe(false)
  })
  it('puts the next answer back into Sent', () =>
    expect(shownIn(started(), sent({ kind: 'composed' }), received(), sent())).toContain('sent'))
  it('shows the status asked for', () => {
    const row = rowOf(...mail, closed)
    expect(isIn('unassigned', row)).toBe(false)
    expect(isIn('unassigned', row, { status: 'closed' })).toBe(true)
    expect(isIn('unassigned', row, { status: 'any' })).toBe(true)
  })
  it('has no other status for All open and All closed', () => {
    expect(isIn('allOpen', rowOf(...mail), { status: 'closed' })).toBe(false)
    expect(isIn('allOpen', rowOf(...mail), { status: 'any' })).toBe(true)
    expect(isIn('allClosed', rowOf(...mail, closed), { status: 'any' })).toBe(true)
  })
})

describe('D-24 what was merged away', () => {
  it('is in no view, and its spam or trash ends with the merge', () => {
    expect(shownIn(...mail, mergedInto())).toEqual([])
    expect(shownIn(...mail, markedAsSpam(), mergedInto())).toEqual([])
    expect(shownIn(...mail, trashed, mergedInto())).toEqual([])
  })
})

describe('D-26 bots', () => {
  it('is in Bots and in Unassigned after a hand-off without an owner', () =>
    expect(shownIn(...botChat, handedOff)).toEqual(['unassigned', 'allOpen', 'chat', 'bots']))
  it('never comes back to Bots by taking its owner off', () =>
    expect(shownIn(...botChat, assigned(ada), unassigned)).toEqual([
      'unassigned',
      'allOpen',
      'chat',
    ]))
  it('is in no view while only the bot has spoken', () =>
    expect(
      shownIn(started({ channel: 'chat' }), bot(), sent({ kind: 'bot', channel: 'chat' })),
    ).toEqual([]))
  it('K-16 is taken over from the bot by whoever is assigned or answers', () => {
    expect(rowOf(...botChat, assigned(ada)).heldByBot).toBe(false)
    expect(rowOf(...botChat, sent({ channel: 'chat', actor: ada })).heldByBot).toBe(false)
    expect(rowOf(...botChat, sent({ channel: 'chat', kind: 'bot' })).heldByBot).toBe(true)
  })
  it('K-14 is in Bots and not in Unassigned before the hand-off', () => {
    expect(shownIn(...botChat)).toContain('bots')
    expect(shownIn(...botChat)).not.toContain('unassigned')
  })
})

describe('D-16 the account and the inbox', () => {
  it('shows a conversation in its own account and inbox only', () => {
    const row = rowOf(...mail)
    for (const { key } of views) {
      expect(isIn(key, row, { account: 'other' })).toBe(false)
      expect(isIn(key, row, { inbox: 'sales' })).toBe(false)
    }
  })
  it('shows every inbox of the account where none is named, and those that are', () => {
    const row = rowOf(...mail)
    expect(isIn('allOpen', row, { inbox: undefined })).toBe(true)
    expect(isIn('allOpen', row, { inbox: ['sales', 'support'] })).toBe(true)
    expect(isIn('allOpen', row, { inbox: ['sales', 'billing'] })).toBe(false)
    expect(isIn('allOpen', row, { inbox: [] })).toBe(false)
  })
})

it('names every view once', () => {
  for (const view of views) expect(viewOf(view.key)).toBe(view)
})
