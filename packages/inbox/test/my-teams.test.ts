/** D-04: Assigned to me, with what the viewer's teams own. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addTeamMember,
  assign,
  createTeam,
  createView,
  deleteTeam,
  removeTeamMember,
  team,
} from '@threadbook/core'
import type { ListRequest } from '@threadbook/inbox'
import { ada, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
let own: string
let nights: string
beforeEach(async () => {
  desk = await openDesk()
  for (const teamId of ['night', 'day'])
    await desk.ask(createTeam({ teamId, name: teamId, actor: 'system' }))
  await desk.ask(addTeamMember({ teamId: 'night', userId: 'ada', actor: 'system' }))
  const owned = async (owner: Parameters<typeof assign>[0]['owner']) => {
    const conversationId = await desk.receive()
    await desk.ask(assign({ conversationId, owner, actor: 'system' }))
    return conversationId
  }
  own = await owned(ada)
  nights = await owned(team('night'))
  await owned(team('day'))
})

const mine = { viewer: 'ada', teams: 'mine' } as const
const listed = async (request: ListRequest): Promise<ReadonlySet<string>> => {
  const { items } = right(await desk.inbox.views.list('assignedToMe', request))
  return new Set(items.map(({ conversationId }) => conversationId))
}

describe('D-04 Assigned to me', () => {
  it('has what the teams own that the viewer is in, by option', async () => {
    expect(await listed({ viewer: 'ada' })).toEqual(new Set([own]))
    expect(await listed(mine)).toEqual(new Set([own, nights]))
    expect(await listed({ viewer: 'bo', teams: 'mine' })).toEqual(new Set())
    const { views } = right(await desk.inbox.views.counts(mine))
    expect(views.assignedToMe).toBe(2)
    expect(right(await desk.inbox.views.unread(mine)).assignedToMe).toBe(2)
  })

  it('follows whoever leaves and joins a team, and teams that are deleted', async () => {
    await desk.ask(removeTeamMember({ teamId: 'night', userId: 'ada', actor: 'system' }))
    expect(await listed(mine)).toEqual(new Set([own]))
    await desk.ask(addTeamMember({ teamId: 'night', userId: 'ada', actor: 'system' }))
    expect(await listed(mine)).toEqual(new Set([own, nights]))
    await desk.ask(deleteTeam({ teamId: 'night', actor: 'system' }))
    await desk.ask(createTeam({ teamId: 'night', name: 'night', actor: 'system' }))
    await desk.inbox.settled()
    expect(await listed(mine)).toEqual(new Set([own]))
  })

  it('knows nobody of the teams of another account', async () => {
    const other = desk.inbox.account('acme')
    expect(right(await other.views.counts(mine)).views.assignedToMe).toBe(0)
    for (const request of [
      createTeam({ teamId: 'day', name: 'Day', actor: 'system' }),
      addTeamMember({ teamId: 'day', userId: 'ada', actor: 'system' }),
    ])
      right(await other.execute(request))
    expect(await listed(mine)).toEqual(new Set([own, nights]))
  })
})

it("S-004 a custom view lists and counts the same with the viewer's teams", async () => {
  const filter = { attribute: 'owner', operator: 'is', value: 'team:night' } as const
  const visibility = { to: 'team', team: 'night' } as const
  const { viewId = '' } = await desk.ask(
    createView({ name: 'Nights', filter, visibility, actor: ada }),
  )
  const { items } = right(await desk.inbox.views.list({ view: viewId }, mine))
  expect(items.map(({ conversationId }) => conversationId)).toEqual([nights])
  expect(right(await desk.inbox.views.count({ view: viewId }, mine)).count).toBe(1)
})
