/** Lists of the past: what was there, as far as it may be seen now. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addUser,
  assign,
  changeMembers,
  changeView,
  close,
  createInbox,
  createView,
  deleteView,
  hideMessage,
  markRead,
  moveToInbox,
  purge,
  reopen,
  trash,
  user,
  type ConversationFilter,
} from '@threadbook/core'
import type { ListRequest } from '@threadbook/inbox'
import type { ViewKey } from '@threadbook/projection-views'
import { listAsOf } from '../src/history/as-of/list-as-of.js'
import { basesOf } from '../src/history/as-of/snapshots.js'
import { ada, openDesk, right, type Desk } from './fixtures.js'

const [bo, cy] = [user('bo'), user('cy')]
let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

type View = ViewKey | { readonly view: string }

const place = async () => (await desk.log()).at(-1)!.position

const list = async (view: View, request: ListRequest) =>
  right(await desk.inbox.views.list(view, request)).items

const ids = async (view: View, request: ListRequest) =>
  (await list(view, request)).map(({ conversationId }) => conversationId)

const refused = (view: View, request: ListRequest) => desk.inbox.views.list(view, request)

const open: ConversationFilter = { attribute: 'status', operator: 'is', value: 'open' }

describe('a list of the past', () => {
  it('D-02 is what was there up to a position, or up to a moment', async () => {
    const [one, other] = [await desk.receive(), await desk.receive()]
    const position = await place()
    const at = desk.clock.now()
    await desk.ask(close({ conversationId: one, actor: ada }))
    await desk.ask(assign({ conversationId: other, owner: bo, actor: ada }))
    await desk.receive()
    for (const asOf of [{ position }, { at }]) {
      expect(await ids('unassigned', { asOf })).toEqual([other, one])
      expect(await ids('allClosed', { asOf })).toEqual([])
      expect(await ids('assignedToMe', { asOf, viewer: 'bo' })).toEqual([])
      expect((await list('allOpen', { asOf })).map(({ owner }) => owner)).toEqual([null, null])
    }
  })

  it('goes by when things were recorded, not by when they happened', async () => {
    const before = desk.clock.now()
    const request = await desk.requestOf()
    desk.clock.pass({ days: 1 })
    await desk.ask({ ...request, at: '2020-01-01T00:00:00.000Z' })
    expect(await ids('allOpen', { asOf: { at: before } })).toEqual([])
    expect(await ids('allOpen', { asOf: { at: desk.clock.now() } })).toHaveLength(1)
  })

  it('is empty before anything was there, and now in the future', async () => {
    const id = await desk.receive()
    const first = (await desk.log())[0]!.position
    const last = first.replace(/\d/g, '9')
    expect(await ids('allOpen', { asOf: { position: first } })).toEqual([])
    expect(await ids('allOpen', { asOf: { at: '2001-01-01T00:00:00.000Z' } })).toEqual([])
    expect(await ids('allOpen', { asOf: { at: '2999-01-01T00:00:00.000Z' } })).toEqual([id])
    expect(await ids('allOpen', { asOf: { position: last } })).toEqual([id])
    const next = await desk.receive()
    expect(await ids('allOpen', { asOf: { position: last } })).toEqual([next, id])
  })

  it('goes on page by page at the same place, though the log goes on', async () => {
    const all: string[] = []
    for (let n = 0; n < 5; n++) all.unshift(await desk.receive())
    const asOf = { at: '2999-01-01T00:00:00.000Z' }
    const pages: string[] = []
    for (let after: string | undefined; ;) {
      const page = right(await desk.inbox.views.list('allOpen', { asOf, limit: 2, after }))
      pages.push(...page.items.map(({ conversationId }) => conversationId))
      await desk.receive()
      await desk.ask(close({ conversationId: all.at(-1)!, actor: ada }))
      await desk.ask(reopen({ conversationId: all.at(-1)!, actor: ada }))
      after = page.next
      if (after === undefined) break
    }
    expect(pages).toEqual(all)
  })

  it('refuses what makes no sense, and the pages of other lists', async () => {
    for (let n = 0; n < 3; n++) await desk.receive()
    const position = await place()
    const later = await desk.receive().then(place)
    const asOf = { position }
    const { next } = right(await desk.inbox.views.list('allOpen', { asOf, limit: 1 }))
    const invalid = (field: string) => ({ left: { type: 'InvalidQuery', field } })
    for (const request of [
      { after: next, limit: 1 },
      { after: next, limit: 1, asOf: { position: later } },
      { after: right(await desk.inbox.views.list('allOpen', { limit: 1 })).next, asOf },
    ])
      expect(await refused('allOpen', request)).toMatchObject(invalid('after'))
    expect(await refused('email', { after: next, asOf })).toMatchObject(invalid('after'))
    expect(await refused('allOpen', { asOf: { at: 'yesterday' } })).toMatchObject(
      invalid('asOf.at'),
    )
    for (const wrong of ['', '7', 'x'.repeat(position.length)])
      expect(await refused('allOpen', { asOf: { position: wrong } })).toMatchObject(
        invalid('asOf.position'),
      )
    expect(await refused('assignedToMe', { asOf })).toMatchObject(invalid('viewer'))
    expect(await refused('inboxes' as 'spam', { asOf })).toMatchObject(invalid('view'))
    expect(await refused('allOpen', { asOf, limit: 501 })).toMatchObject(invalid('limit'))
  })
})

describe('what is gone since', () => {
  it('S-044 purged text stays gone, though the conversation was there', async () => {
    const conversationId = await desk.receive({ text: 'secret' })
    const asOf = { position: await place() }
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.ask(purge({ conversationId, actor: ada }))
    const erased = { erased: true }
    expect(await list('allOpen', { asOf })).toMatchObject([
      { conversationId, subject: erased, preview: erased, stranger: erased, status: 'open' },
    ])
  })

  it('D-10 hidden text stays hidden, also where other messages came since', async () => {
    const conversationId = await desk.receive({ text: 'secret' })
    const { messageId } = await desk.ask(await desk.requestOf({ conversationId, text: 'another' }))
    const asOf = { position: await place() }
    await desk.ask(hideMessage({ conversationId, messageId: messageId!, actor: ada }))
    expect(await list('allOpen', { asOf })).toMatchObject([
      { subject: 'secret', preview: { hidden: true } },
    ])
    await desk.ask(await desk.requestOf({ conversationId, text: 'a third' }))
    expect(await list('allOpen', { asOf })).toMatchObject([
      { subject: 'secret', preview: { hidden: true } },
    ])
  })

  it('D-13 unread is what it was', async () => {
    const conversationId = await desk.receive()
    const asOf = { position: await place() }
    await desk.ask(markRead({ conversationId, actor: ada }))
    expect(await list('allOpen', { viewer: 'ada' })).toMatchObject([{ unread: false }])
    expect(await list('allOpen', { viewer: 'ada', asOf })).toMatchObject([{ unread: true }])
  })
})

describe('who may look', () => {
  beforeEach(async () => {
    for (const userId of ['bo', 'cy'])
      await desk.ask(addUser({ userId, name: userId, roles: [], actor: 'system' }))
    await desk.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: 'system' }))
    await desk.ask(changeMembers({ inboxId: 'sales', members: [cy], actor: 'system' }))
  })

  it('K-15 is whoever may look now: the past gives nothing back', async () => {
    const all: string[] = []
    for (let n = 0; n < 6; n++) all.unshift(await desk.receive())
    const asOf = { position: await place() }
    const gone = all.filter((_, n) => n % 2 === 0)
    for (const conversationId of gone)
      await desk.ask(moveToInbox({ conversationId, inbox: 'sales', actor: ada }))
    for (const conversationId of gone.slice(0, 1)) {
      await desk.ask(trash({ conversationId, actor: ada }))
      await desk.ask(purge({ conversationId, actor: ada }))
    }
    const pages: string[] = []
    for (let after: string | undefined; ;) {
      const request = { asOf, viewer: 'bo', limit: 2, after }
      const page = right(await desk.inbox.views.list('allOpen', request))
      pages.push(...page.items.map(({ conversationId }) => conversationId))
      after = page.next
      if (after === undefined) break
    }
    expect(pages).toEqual(all.filter((id) => !gone.includes(id)))
    expect(await ids('allOpen', { asOf, viewer: 'cy' })).toEqual(all)
    await desk.ask(changeMembers({ inboxId: 'support', members: [cy], actor: 'system' }))
    expect(await refused('allOpen', { asOf, viewer: 'bo' })).toMatchObject({
      left: { type: 'NoAccess', inbox: 'support' },
    })
    expect(await ids('allOpen', { asOf, viewer: 'bo', inbox: 'all' })).toEqual([])
  })

  it('D-16 is of the account', async () => {
    await desk.receive()
    const other = desk.inbox.account('other')
    expect(right(await other.views.list('allOpen', { asOf: { position: await place() } }))).toEqual(
      {
        items: [],
      },
    )
  })
})

describe('a custom view of the past', () => {
  it('K-08 lists what it was made of then, also where it was deleted since', async () => {
    const id = await desk.receive()
    const before = await place()
    const { viewId } = await desk.ask(createView({ name: 'Mine', filter: open, actor: ada }))
    const view = { view: viewId! }
    const asOf = { position: await place() }
    const filter: ConversationFilter = { attribute: 'owner', operator: 'isKnown' }
    await desk.ask(changeView({ viewId: view.view, filter, actor: ada }))
    expect(await ids(view, { viewer: 'ada' })).toEqual([])
    expect(await ids(view, { viewer: 'ada', asOf })).toEqual([id])
    await desk.ask(deleteView({ viewId: view.view, actor: ada }))
    expect(await ids(view, { viewer: 'ada', asOf })).toEqual([id])
    for (const request of [
      { viewer: 'bo', asOf },
      { viewer: 'ada', asOf: { position: before } },
      { viewer: 'ada', asOf: { position: await place() } },
    ])
      expect(await refused(view, request)).toMatchObject({
        left: { type: 'NoSuchView', view: view.view },
      })
  })

  it('D-28 counts its days back from then', async () => {
    const id = await desk.receive()
    const filter: ConversationFilter = {
      attribute: 'lastMessageAt',
      operator: 'from',
      value: { ago: 1, unit: 'days' },
    }
    const { viewId } = await desk.ask(createView({ name: 'Fresh', filter, actor: ada }))
    const view = { view: viewId! }
    const [at, position] = [desk.clock.now(), await place()]
    const later = desk.clock.pass({ days: 9 })
    await desk.receive()
    expect(await ids(view, { viewer: 'ada', asOf: { at } })).toEqual([id])
    expect(await ids(view, { viewer: 'ada', asOf: { position } })).toEqual([id])
    expect(await ids(view, { viewer: 'ada', asOf: { at: later } })).toEqual([])
  })
})

describe('snapshots', () => {
  const near = { events: 2, conversations: 2 }
  const far = async (asOf: NonNullable<ListRequest['asOf']>, atMost = near) =>
    right(await listAsOf(desk.inbox.door, 'allOpen', { asOf }, atMost)).items.length

  const snapshots = async () => (await basesOf(desk.inbox.door)).slice(1)

  it('are made for the far past alone, and are few', async () => {
    const places = [await place()]
    for (let n = 0; n < 12; n++) {
      await desk.receive()
      places.push(await place())
    }
    expect(await far({ position: places.at(-1)! })).toBe(12)
    expect(await snapshots()).toEqual([])
    for (const n of [2, 9, 5, 0, 7, 3, 11]) {
      expect(await far({ position: places[n]! })).toBe(n)
      expect((await snapshots()).length).toBeLessThanOrEqual(3)
    }
    expect(await snapshots()).toHaveLength(3)
    right(await desk.inbox.views.dropSnapshots())
    expect(await snapshots()).toEqual([])
  })

  it('tell of their progress, can be ended, and go on from where they were', async () => {
    for (let n = 0; n < 400; n++)
      right(await desk.inbox.execute(await desk.requestOf({ from: `b${String(n)}` })))
    const position = await place()
    for (let n = 0; n < 9; n++) await desk.receive()
    const ending = new AbortController()
    const heard: number[] = []
    const end = (events: number) => {
      heard.push(events)
      ending.abort(new Error('enough'))
    }
    await expect(far({ position, signal: ending.signal, onProgress: end })).rejects.toThrow(
      'enough',
    )
    const [begun] = await snapshots()
    expect(begun!.checkpoint! < position).toBe(true)
    let last = 0
    expect(await far({ position, onProgress: (events) => (last = events) })).toBe(50)
    expect(last).toBeGreaterThan(0)
    const after = (await desk.log()).filter((event) => event.position > begun!.checkpoint!)
    expect(last).toBeLessThanOrEqual(after.length)
    expect(heard).toHaveLength(1)
  })

  it('serve a list while the log goes on beneath it', async () => {
    for (let n = 0; n < 5; n++) await desk.receive()
    const asOf = { position: await place() }
    expect(await far(asOf)).toBe(5)
    for (let n = 0; n < 9; n++) {
      await desk.receive()
      expect(await far(asOf)).toBe(5)
    }
  })
})
