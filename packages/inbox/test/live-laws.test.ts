/** Whatever happens, and whenever somebody reads: what is told leads to what is listed. */
import { expect, it } from '@jest/globals'
import { changeMembers, team, user } from '@threadbook/core'
import * as fc from 'fast-check'
import { openDesk } from './fixtures.js'
import { acts, expectLists, perform, prepare, readings, screens } from './live-histories.js'
import { LiveList } from './live-list.js'

const steps = fc.array(
  fc.oneof({ weight: 3, arbitrary: acts }, { weight: 2, arbitrary: readings }),
  { minLength: 5, maxLength: 80, size: '+2' },
)

it('K-15 D-02 told what enters, changes and leaves, any list ends as it is listed anew', async () => {
  const said = new Set<string>()
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const desk = await openDesk()
      const lists = await expectLists(desk, await prepare(desk), all)
      for (const message of lists.flatMap(({ heard }) => heard))
        said.add(message.type === 'reload' ? message.reason : message.type)
      await desk.inbox.close()
    }),
    { numRuns: 20 },
  )
  // The runs were no empty ones.
  expect([...said]).toEqual(
    expect.arrayContaining([
      'entered',
      'changed',
      'left',
      'caughtUp',
      'started',
      'accessChanged',
      'timePassed',
    ]),
  )
})

const names = [user('bo'), user('ada'), team('night')] as const
const permissions = fc.record({
  inboxId: fc.constantFrom('support', 'sales'),
  members: fc.oneof(fc.constant('everyone' as const), fc.subarray([...names])),
})
type Permissions = Pick<Parameters<typeof changeMembers>[0], 'inboxId' | 'members'>

it('K-15 D-16 whatever the permissions, a viewer is told of no conversation that may not be seen', async () => {
  let told = 0
  let kept = 0
  const work = fc.array(
    fc.oneof({ weight: 4, arbitrary: acts }, { weight: 1, arbitrary: permissions }),
    { minLength: 10, maxLength: 60, size: '+2' },
  )
  await fc.assert(
    fc.asyncProperty(work, async (steps) => {
      const desk = await openDesk()
      const setting = await prepare(desk)
      const other = desk.inbox.account('acme')
      const ofBo = screens(setting).filter(([, { viewer }]) => viewer === 'bo')
      const lists = ofBo.map(([view, scope]) => new LiveList(desk.inbox, view, scope))
      const elsewhere = new LiveList(other, 'allOpen', { inbox: 'all' })
      for (const list of [...lists, elsewhere]) await list.catchUp()
      for (const step of steps) {
        if ('kind' in step) await perform(step, setting, desk)
        else await desk.ask(changeMembers({ ...(step as Permissions), actor: 'system' }))
        const open = await desk.inbox.inboxes('bo')
        const mayBeSeen = new Set(open._tag === 'Right' ? open.right.map(({ id }) => id) : [])
        for (const list of lists) {
          const before = list.heard.length
          await list.comeBack()
          await list.catchUp()
          for (const message of list.heard.slice(before)) {
            if (message.type !== 'entered' && message.type !== 'changed') continue
            expect(mayBeSeen).toContain(message.item.inbox)
            told++
          }
          for (const { inbox } of list.items.values()) expect(mayBeSeen).toContain(inbox)
          if (mayBeSeen.size < 2) kept++
        }
      }
      await elsewhere.comeBack()
      await elsewhere.catchUp()
      expect(elsewhere.items.size).toBe(0)
      expect(new Set(elsewhere.heard.map(({ type }) => type))).toEqual(
        new Set(['reload', 'caughtUp']),
      )
      await desk.inbox.close()
    }),
    { numRuns: 8 },
  )
  // The runs were no empty ones.
  expect(told).toBeGreaterThan(0)
  expect(kept).toBeGreaterThan(0)
})
