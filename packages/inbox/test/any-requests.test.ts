/** Whatever is asked, in whatever order: an answer, all or nothing, and views that are right. */
import { expect, it } from '@jest/globals'
import { openInbox } from '@threadbook/inbox'
import { trash, type Request } from '@threadbook/core'
import { requests } from '@threadbook/core/testing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { clockFrom, deskAt, expectRebuilt, right, START, type Desk } from './fixtures.js'

/** The few ids that random requests name, as keys that there are. */
const keys = new Map(['1', '2', '3'].map((id) => [id, new Uint8Array(32).fill(Number(id))]))

const desk = async (): Promise<Desk> => {
  const adapters = await memory()
  right(await adapters.vault.add(keys)())
  const clock = clockFrom(START)
  const newDesk = deskAt(await openInbox(adapters, { clock, inbox: '1' }), adapters, clock)
  for (const inboxId of ['1', '2', '3'])
    await newDesk.ask({ type: 'ConnectChannel', inboxId, channel: 'email', actor: 'system' })
  for (const conversationId of ['1', '2']) {
    const start = { inbox: '1', key: conversationId }
    await newDesk.ask({ ...(await newDesk.requestOf()), conversationId, start })
  }
  await newDesk.ask(trash({ conversationId: '2', actor: 'system' }))
  return newDesk
}

const minutes = fc.constantFrom(0, 1, 30, 1_440, 40 * 1_440)
const steps = fc.array(fc.tuple(requests, minutes), { minLength: 1, maxLength: 60, size: '+2' })

it('answers every request, writes nothing where it refuses, and keeps its views right', async () => {
  const answers = new Set<string>()
  await fc.assert(
    fc.asyncProperty(steps, async (asked) => {
      const { inbox, adapters, clock, log } = await desk()
      for (const [request, wait] of asked) {
        const now = clock.pass({ minutes: wait })
        await inbox.settled()
        const before = (await log()).length
        const answer = await inbox.execute(request as Request)
        answers.add(E.isLeft(answer) ? answer.left.type : 'accepted')
        if (E.isLeft(answer)) expect((await log()).length).toBe(before)
        else expect(answer.right.parked).toEqual([])
        if (wait > 1_440) right(await inbox.tick(now))
      }
      await expectRebuilt(adapters)
      await inbox.close()
    }),
    { numRuns: 50, seed: 3 },
  )
  // The run was no empty one.
  expect([...answers]).toEqual(
    expect.arrayContaining(['accepted', 'NoSuchConversation', 'ConversationInTrash']),
  )
})
