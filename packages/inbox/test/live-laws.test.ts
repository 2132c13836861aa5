/** Whatever happens, and whenever somebody reads: what is told leads to what is listed. */
import { expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { openDesk } from './fixtures.js'
import { acts, expectLists, prepare, readings } from './live-histories.js'

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
    { numRuns: 30 },
  )
  // The runs were no empty ones.
  expect([...said]).toEqual(
    expect.arrayContaining([
      'entered',
      'changed',
      'left',
      'caughtUp',
      'failed',
      'started',
      'accessChanged',
      'viewChanged',
      'timePassed',
    ]),
  )
})
