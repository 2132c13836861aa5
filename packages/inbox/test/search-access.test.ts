/** A viewer without access learns nothing: not a row, not a count, not a snippet. */
import { expect, it } from '@jest/globals'
import {
  addTeamMember,
  addUser,
  changeMembers,
  connectChannel,
  createInbox,
  createTeam,
  createView,
  team,
  user,
} from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { ada, openDesk, right } from './fixtures.js'

const inboxes = ['support', 'sales', 'legal'] as const
const viewers = ['bo', 'cy'] as const
const members = [user('bo'), user('cy'), team('crew')] as const

it('K-15 D-14 D-16 whatever the permissions, searches, custom views and counts are of what may be seen', async () => {
  const desk = await openDesk()
  for (const userId of viewers)
    await desk.ask(addUser({ userId, roles: ['member'], actor: 'system' }))
  await desk.ask(createTeam({ teamId: 'crew', name: 'Crew', actor: 'system' }))
  await desk.ask(addTeamMember({ teamId: 'crew', userId: 'cy', actor: 'system' }))
  const conversations = new Map<string, string>()
  for (const inboxId of inboxes) {
    if (inboxId !== 'support')
      await desk.ask(createInbox({ inboxId, name: inboxId, actor: 'system' }))
    const address = `${inboxId}@example.com`
    await desk.ask(connectChannel({ inboxId, channel: 'email', address, actor: 'system' }))
    const request = await desk.requestOf({ text: `tulip in ${inboxId}` })
    const start = { ...request.start!, inbox: inboxId }
    const { conversationId } = await desk.ask({ ...request, start })
    conversations.set(inboxId, conversationId!)
  }
  const filter = { attribute: 'status', operator: 'is', value: 'open' } as const
  const visibility = { to: 'account' } as const
  const { viewId: view } = await desk.ask(createView({ name: 'x', filter, visibility, actor: ada }))
  const other = desk.inbox.account('other')

  const allowed = fc.tuple(...inboxes.map(() => fc.subarray([...members])))
  await fc.assert(
    fc.asyncProperty(allowed, async (permissions) => {
      const may = (viewer: string, at: number): boolean =>
        permissions[at]!.includes(user(viewer)) ||
        (viewer === 'cy' && permissions[at]!.includes(team('crew')))
      for (const [at, inboxId] of inboxes.entries())
        await desk.ask(changeMembers({ inboxId, members: permissions[at]!, actor: 'system' }))
      for (const viewer of viewers) {
        const seen = inboxes
          .filter((_, at) => may(viewer, at))
          .map((inboxId) => conversations.get(inboxId)!)
        for (const text of ['tulip', '', 'is:open tul']) {
          const { found } = right(await desk.inbox.search({ text, inbox: 'all', viewer }))
          expect(found.map(({ item }) => item.conversationId).sort()).toEqual([...seen].sort())
        }
        const listed = right(await desk.inbox.views.list({ view: view! }, { inbox: 'all', viewer }))
        expect(listed.items.map(({ conversationId }) => conversationId).sort()).toEqual(
          [...seen].sort(),
        )
        const counted = right(
          await desk.inbox.views.count({ view: view! }, { inbox: 'all', viewer }),
        )
        expect(counted.count).toBe(seen.length)
        for (const [at, inbox] of inboxes.entries()) {
          const answers: readonly E.Either<unknown, unknown>[] = [
            await desk.inbox.search({ text: 'tulip', inbox, viewer }),
            await desk.inbox.views.list({ view: view! }, { inbox, viewer }),
            await desk.inbox.views.count({ view: view! }, { inbox, viewer }),
          ]
          for (const answer of answers)
            if (may(viewer, at)) expect(E.isRight(answer)).toBe(true)
            else expect(answer).toEqual(E.left({ type: 'NoAccess', inbox }))
        }
        const elsewhere = right(await other.search({ text: 'tulip', inbox: 'all', viewer }))
        expect(elsewhere.found).toEqual([])
      }
    }),
    { numRuns: 25 },
  )
}, 60_000)
