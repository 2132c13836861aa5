/** What was shown, and why: the same on every store. */
import { expect, it } from '@jest/globals'
import {
  addLabel,
  assign,
  close,
  connectChannel,
  createView,
  markRead,
  purge,
  reopen,
  reply,
  trash,
  user,
} from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox, type Inbox, type ListRequest } from '@threadbook/inbox'
import type { ListItem, ViewKey } from '@threadbook/projection-views'
import type { IsoTime, Position } from '@threadbook/sourcing'
import { listAsOf } from '../packages/inbox/src/history/as-of/list-as-of.js'
import { basesOf } from '../packages/inbox/src/history/as-of/snapshots.js'
import { clockFrom, right, START } from '../packages/inbox/test/fixtures.js'
import { onEveryStore } from './stores.js'

const ada = user('ada')
const mail = (id: string) =>
  Buffer.from(
    `From: Bo Ek <${id}@example.org>\nTo: support@example.com\nSubject: Order ${id}\nMessage-ID: <${id}@example.org>\n\nWhere is it?\n`,
  )

type View = ViewKey | { readonly view: string }
type Asked = readonly [View, ListRequest]

const shown = ['unassigned', 'assignedToMe', 'allOpen', 'allClosed', 'sent', 'trash'] as const

interface Moment {
  readonly position: Position
  readonly at: IsoTime
  readonly lists: readonly (readonly ListItem[])[]
}

const endOf = async ({ door: { adapters } }: Inbox): Promise<Position> => {
  let end: Position | undefined
  for (let after: Position | undefined; ;) {
    const slice = right(await adapters.store.readAll({ after })())
    end = slice.events.at(-1)?.position ?? end
    if (slice.end) return end!
    after = slice.position
  }
}

/** Texts may be gone since; all else is as it was. */
const facts = (items: readonly ListItem[]) =>
  items.map(({ subject: _s, preview: _p, stranger: _w, contact, ...rest }) => ({
    ...rest,
    contact: contact?.id,
  }))

onEveryStore(({ place }) => {
  it('D-02 lists of the past are those that were shown, and explain says why', async () => {
    const here = await place()
    const clock = clockFrom(START)
    await using inbox = await openInbox(await here.open(), { clock })
    const ask = async (request: Parameters<Inbox['execute']>[0]) => {
      clock.pass({ minutes: 1 })
      return right(await inbox.execute(request))
    }
    const channel = {
      inboxId: 'support',
      channel: 'email',
      address: 'support@example.com',
    } as const
    await ask(connectChannel({ ...channel, actor: 'system' }))
    const { viewId } = await ask(
      createView({
        name: 'Labelled',
        filter: {
          or: [
            { attribute: 'label', operator: 'isKnown' },
            { attribute: 'unread', operator: 'is', value: false },
          ],
        },
        actor: ada,
      }),
    )
    const asked: readonly Asked[] = [
      ...shown.map((view) => [view, { viewer: 'ada' }] as const),
      [{ view: viewId! }, { viewer: 'ada', inbox: 'all' }],
    ]
    const walked = async ([view, request]: Asked, list: typeof inbox.views.list, limit: number) => {
      const items: ListItem[] = []
      for (let after: string | undefined; ;) {
        const page = right(await list(view, { ...request, limit, after }))
        items.push(...page.items)
        after = page.next
        if (after === undefined) return items
      }
    }
    const moments: Moment[] = []
    const look = async () => {
      right(await inbox.caughtUp())
      const lists = await Promise.all(asked.map((each) => walked(each, inbox.views.list, 500)))
      moments.push({ position: await endOf(inbox), at: clock.now(), lists })
    }
    const ids: string[] = []
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      clock.pass({ minutes: 1 })
      ids.push(right(await receiveMail(inbox, mail(id))).conversationId)
    }
    const [a, b, c, d] = ids as [string, string, string, string]
    await look()
    await ask(assign({ conversationId: a, owner: ada, actor: ada }))
    await ask(close({ conversationId: b, actor: ada }))
    await look()
    await ask(reply({ conversationId: c, text: 'On its way.', actor: ada }))
    await ask(addLabel({ conversationId: d, label: 'vip', actor: ada }))
    await ask(markRead({ conversationId: a, actor: ada }))
    await look()
    await ask(reopen({ conversationId: b, actor: ada }))
    await ask(trash({ conversationId: a, actor: ada }))
    await ask(purge({ conversationId: a, actor: ada }))
    await look()
    right(await inbox.caughtUp())

    const usual = { events: 20_000, conversations: 5_000 }
    const near = { events: 1, conversations: 1 }
    for (const [n, distance] of [usual, near, near, near].entries()) {
      const { position, at, lists } = moments[3 - n]!
      const asOf = n % 2 === 0 ? { position } : { at }
      const list: typeof inbox.views.list = async (view, request) =>
        listAsOf(inbox.door, view, { ...request, asOf }, distance)
      for (const [index, each] of asked.entries())
        expect([each, facts(await walked(each, list, 2))]).toEqual([each, facts(lists[index]!)])
    }
    expect((await basesOf(inbox.door)).length).toBeGreaterThan(1)
    right(await inbox.views.dropSnapshots())
    expect(await basesOf(inbox.door)).toHaveLength(1)

    for (const [index, [view, request]] of asked.entries())
      for (const id of ids) {
        const { isIn, transitions } = right(await inbox.explain(id, view, request))
        const last = moments.at(-1)!.lists[index]!
        expect([view, id, isIn]).toEqual([
          view,
          id,
          last.some(({ conversationId }) => conversationId === id),
        ])
        for (const { position, lists } of moments) {
          const until = transitions.findLast(
            ({ because }) => because.type === 'event' && because.position <= position,
          )
          expect([view, id, until?.change === 'entered']).toEqual([
            view,
            id,
            lists[index]!.some(({ conversationId }) => conversationId === id),
          ])
        }
      }
  })
})
