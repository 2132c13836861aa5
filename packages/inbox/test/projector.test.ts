/** The front door on adapters whose rows run behind their log. */
import { describe, expect, it } from '@jest/globals'
import { compose, connectChannel, user } from '@threadbook/core'
import type { Adapters } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { openInbox, type Accepted, type Inbox } from '@threadbook/inbox'

const ada = user('ada')

/** Memory adapters without `projectInline`: as a log and rows in different places are. */
const apart = async (): Promise<Adapters> => {
  const { store, readModels, vault, blobs, close } = await memory()
  return { store, readModels, vault, blobs, close }
}

const accepted = async (executed: ReturnType<Inbox['execute']>): Promise<Accepted> => {
  const done = await executed
  if (E.isLeft(done)) throw new Error(done.left.type)
  return done.right
}

const write = async (inbox: Inbox): Promise<Accepted> => {
  await accepted(
    inbox.execute(
      connectChannel({
        inboxId: 'support',
        channel: 'email',
        address: 'support@example.com',
        actor: 'system',
      }),
    ),
  )
  return accepted(
    inbox.execute(
      compose({ to: [{ address: 'bo@example.org' }], subject: 'Hello', text: 'Hello', actor: ada }),
    ),
  )
}

const sent = async (inbox: Inbox): Promise<number> => {
  const counts = await inbox.views.counts()
  if (E.isLeft(counts)) throw new Error(counts.left.type)
  return counts.right.views.sent
}

describe('rows that run behind', () => {
  it('hold what was accepted once it is waited for', async () => {
    await using inbox = await openInbox(await apart())
    const composed = await write(inbox)
    await inbox.waitFor(composed)
    expect(await sent(inbox)).toBe(1)
  })

  it('are waited for by another inbox on the same adapters, too', async () => {
    const adapters = await apart()
    await using writing = await openInbox(adapters)
    const composed = await write(writing)
    await using reading = await openInbox(adapters)
    await reading.waitFor(composed)
    expect(await sent(reading)).toBe(1)
  })

  it('follow by themselves, each event once, with two at the same rows', async () => {
    const adapters = await apart()
    await using one = await openInbox(adapters)
    await using two = await openInbox(adapters)
    const composed = await write(one)
    await Promise.all([one.waitFor(composed), two.waitFor(composed)])
    expect(await sent(two)).toBe(1)
  })

  it('are caught up with when an inbox is opened', async () => {
    const adapters = await apart()
    const writing = await openInbox({ ...adapters, close: () => Promise.resolve() })
    await write(writing)
    await writing.close()
    await using reading = await openInbox(adapters)
    expect(await sent(reading)).toBe(1)
  })

  it('end a wait that is given up', async () => {
    await using inbox = await openInbox(await apart())
    const never = { stream: 'conversation-main.none', revision: 9, outcome: 'accepted' } as const
    const waiting = inbox.waitFor({ receipts: [never] }, AbortSignal.abort())
    await expect(waiting).rejects.toThrow()
  })
})
