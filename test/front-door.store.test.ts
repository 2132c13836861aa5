/** One inbox on every store: nobody can tell from the outside which it is. */
import { expect, it } from '@jest/globals'
import {
  assign,
  comment,
  compose,
  connectChannel,
  purge,
  reply,
  trash,
  user,
} from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { expectRebuilt, right } from '../packages/inbox/test/fixtures.js'
import { onEveryStore, type Place } from './stores.js'

const ada = user('ada')
const mail = (id: string, text = 'Where is my order?') =>
  Buffer.from(
    `From: Bo Ek <${id}@example.org>\nTo: support@example.com\nSubject: Order ${id}\nMessage-ID: <${id}@example.org>\n\n${text}\n`,
  )

const open = async ({ open: adapters }: Place): Promise<Inbox> => {
  const inbox = await openInbox(await adapters())
  const channel = { inboxId: 'support', channel: 'email', address: 'support@example.com' } as const
  right(await inbox.execute(connectChannel({ ...channel, actor: 'system' })))
  return inbox
}

const receive = async (inbox: Inbox, id: string, text?: string): Promise<string> =>
  right(await receiveMail(inbox, mail(id, text))).conversationId

const listed = async (inbox: Inbox) => {
  right(await inbox.caughtUp())
  const { items } = right(await inbox.views.list('allOpen'))
  const { views, conversations } = right(await inbox.views.counts({ viewer: 'ada' }))
  return { items, views, conversations }
}

onEveryStore(({ place }) => {
  it('what came in is there when it is opened again, and comes in once', async () => {
    const here = await place()
    const first = await open(here)
    const conversationId = await receive(first, 'a')
    right(await first.execute(assign({ conversationId, owner: ada, actor: ada })))
    const before = await listed(first)
    expect(before).toMatchObject({
      items: [
        { conversationId, subject: 'Order a', owner: 'user:ada', preview: expect.any(String) },
      ],
      views: { allOpen: 1, assignedToMe: 1, unassigned: 0 },
      conversations: 1,
    })
    await first.close()

    await using second = await open(here)
    expect(await listed(second)).toEqual(before)
    expect(right(await receiveMail(second, mail('a')))).toMatchObject({ outcome: 'duplicate' })
    expect(await listed(second)).toEqual(before)
  })

  it('what one process accepts, another shows once it has caught up', async () => {
    const here = await place()
    await using one = await open(here)
    await using other = await open(here)
    const conversationId = await receive(one, 'a')
    const accepted = right(
      await one.execute(reply({ conversationId, text: 'It is on its way.', actor: ada })),
    )
    right(await other.waitFor(accepted))
    expect((await listed(other)).items).toMatchObject([{ preview: 'It is on its way.' }])
    const { entries } = right(await other.thread(conversationId, { viewer: 'ada' }))
    expect(entries.map(({ type }) => type)).toEqual(['message', 'message'])
  })

  it('sixteen who comment on one conversation at once, in two processes, are all heard', async () => {
    const here = await place()
    await using one = await open(here)
    await using other = await open(here)
    const conversationId = await receive(one, 'a')
    const texts = Array.from({ length: 16 }, (_, index) => `comment ${String(index)}`)
    const answers = await Promise.all(
      texts.map((text, index) =>
        (index % 2 === 0 ? one : other).execute(comment({ conversationId, text, actor: ada })),
      ),
    )
    answers.forEach(right)
    const { entries } = right(await one.thread(conversationId, { viewer: 'ada' }))
    expect(entries).toHaveLength(17)
  })

  it('one command that two processes carry out at once happens once', async () => {
    const here = await place()
    await using one = await open(here)
    await using other = await open(here)
    const request = compose({
      to: [{ address: 'bo@example.org' }],
      subject: 'Hello',
      text: 'Hello',
      actor: ada,
      commandId: 'once',
    })
    const answers = await Promise.all([one, other, one, other].map((each) => each.execute(request)))
    const ids = answers.map((answer) => right(answer).conversationId)
    expect(new Set(ids).size).toBe(1)
    expect(await listed(one)).toMatchObject({ views: { sent: 1 }, conversations: 1 })
  })

  it('what was purged is gone for good, also for who opens it later', async () => {
    const here = await place()
    const first = await open(here)
    const long = 'the secret '.repeat(20_000)
    const conversationId = await receive(first, 'a', long)
    await receive(first, 'b')
    right(await first.execute(trash({ conversationId, actor: ada })))
    right(await first.execute(purge({ conversationId, actor: ada })))
    await first.close()

    await using second = await open(here)
    expect((await listed(second)).items).toMatchObject([{ subject: 'Order b' }])
    expect(await second.thread(conversationId)).toMatchObject({ left: { type: 'NoSuchThread' } })
    expect(right(await receiveMail(second, mail('a', long)))).toMatchObject({
      outcome: 'duplicate',
    })
  })

  it('views are those that a rebuild from the log gives', async () => {
    const here = await place()
    await using inbox = await open(here)
    const ids: string[] = []
    for (let n = 0; n < 12; n++) ids.push(await receive(inbox, `n${String(n)}`))
    for (const [n, conversationId] of ids.entries()) {
      if (n % 2 === 0) await inbox.execute(assign({ conversationId, owner: ada, actor: ada }))
      if (n % 3 === 0) await inbox.execute(trash({ conversationId, actor: ada }))
    }
    right(await inbox.caughtUp())
    await expectRebuilt(inbox.door.adapters)
  })
})
