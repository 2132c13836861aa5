/** The list at ten thousand and at a million conversations: pages, counts, a custom view, searches. */
import { join } from 'node:path'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { conversationRows, pageQuery, views } from '@threadbook/projection-views'
import type { Adapters, Rows } from '@threadbook/sourcing'
import { sqlite } from '@threadbook/sqlite'
import Database from 'better-sqlite3'
import { COMMON_WORD, list, RARE_WORD, VIEW, VIEWER } from '../fixtures/list.js'
import { FILE } from '../fixtures/logs.js'
import { repeated } from '../repeated.js'
import { right } from '../right.js'
import type { Scenario, Subject } from '../scenario.js'

const rows = conversationRows as unknown as Rows

type Ask = (inbox: Inbox, adapters: Adapters) => Promise<unknown>

/** `prepare` answers with what is measured, and is not measured itself. */
const ours = (
  name: string,
  settings: string,
  times: number,
  prepare: (inbox: Inbox, adapters: Adapters) => Promise<readonly Ask[]>,
): Subject => ({
  name,
  settings,
  run: async ({ fixture }) => {
    const adapters = await sqlite(join(fixture, FILE))
    await using inbox = await openInbox(adapters)
    const asked = await prepare(inbox, adapters)
    return await repeated(asked.length, times, async () => {
      for (const ask of asked) await ask(inbox, adapters)
    })
  },
})

/** The same rows by hand: one statement that an index serves, its rows parsed. */
const byHand = (times: number, limit = 50): Subject => ({
  name: 'hand-written',
  settings: `better-sqlite3, ${limit} rows of All open by its index, JSON.parse, nothing opened`,
  run: async ({ fixture }) => {
    const db = new Database(join(fixture, FILE), { readonly: true })
    const table = db
      .prepare(`SELECT row_table FROM projections WHERE name = 'conversations'`)
      .pluck()
      .get() as string
    const page = db
      .prepare(
        `SELECT _row FROM "${table}" WHERE account = 'main' AND inbox = 'support' AND status IS 'open'
         AND hasInbound IS 1 AND merged IS 0 AND onHelpDesk IS 0 AND trashed IS 0 AND spam IS 0
         ORDER BY lastMessageAt DESC, _key DESC LIMIT ${limit}`,
      )
      .pluck()
    const read = () => page.all().map((text) => JSON.parse(text as string) as unknown)
    if (read().length < limit) throw new Error('expected a full page')
    const measured = await repeated(1, times, () => void read())
    db.close()
    return measured
  },
})

const scenario = (
  name: string,
  operation: string,
  floor: Subject,
  subjects: readonly Subject[],
): Scenario => ({
  name: `${name}, SQLite`,
  operation,
  measure: 'ms',
  sizes: [10_000, 1_000_000],
  sizeOf: 'conversations',
  quick: 10_000,
  rounds: 3,
  fixture: list,
  floor,
  subjects,
})

const sealedPages = ours(
  'Threadbook, still sealed',
  'find at the port, each of the thirteen standard views in turn, 50 a page',
  20,
  async () =>
    views.map(({ key }): Ask => async (_, { readModels }) => {
      const query = right(pageQuery(key, { account: 'main', inbox: 'support', viewer: VIEWER }))
      query.page(
        await Promise.all(
          query.queries.map(async (each) => right(await readModels.find(rows, each)())),
        ),
      )
    }),
)

const openedPages = ours(
  'Threadbook, opened',
  'inbox.views.list, the same; names joined, every sealed field opened, what is unread looked up, keys at hand',
  10,
  async () =>
    views.map(
      ({ key }): Ask =>
        async (inbox) =>
          right(await inbox.views.list(key, { viewer: VIEWER })),
    ),
)

/** The cursor of page 40 of All open at the smaller size, of page 200 at the other. */
const farAway = async (inbox: Inbox): Promise<string | undefined> => {
  let after: string | undefined
  const most = right(await inbox.views.counts()).views.allOpen / 50 > 400 ? 199 : 39
  for (let page = 0; page < most; page++)
    after = right(await inbox.views.list('allOpen', { after })).next ?? after
  return after
}

const pageTwoHundred = ours(
  'Threadbook, opened',
  'inbox.views.list, page 40 of All open at the smaller size, page 200 at the other, by its cursor',
  50,
  async (inbox) => {
    const after = await farAway(inbox)
    return [async () => right(await inbox.views.list('allOpen', { after, viewer: VIEWER }))]
  },
)

const pagesFromThere = ours(
  'Threadbook, opened for the first time',
  'inbox.views.list, from there on page after page: no key of theirs is at hand',
  50,
  async (inbox) => {
    let after = await farAway(inbox)
    return [
      async () => {
        after = right(await inbox.views.list('allOpen', { after, viewer: VIEWER })).next
      },
    ]
  },
)

const counter: Subject = {
  name: 'hand-written',
  settings: 'better-sqlite3, one counter by its key',
  run: async ({ fixture }) => {
    const db = new Database(join(fixture, FILE), { readonly: true })
    const read = db
      .prepare(
        `SELECT value FROM counters WHERE projection_no = 1 AND name = 'main/support/allOpen/open'`,
      )
      .pluck()
    if (typeof read.get() !== 'number') throw new Error('expected a counter')
    const measured = await repeated(1, 1_000, () => void read.get())
    db.close()
    return measured
  },
}

const oneAsk = (settings: string, times: number, ask: Ask): Subject =>
  ours('Threadbook', settings, times, async () => [ask])

const searchFor = (text: string): Subject =>
  oneAsk(`inbox.search for ${text}, 50 a page, opened`, 50, async (inbox) => {
    if (right(await inbox.search({ text })).found.length === 0) throw new Error('expected hits')
  })

export const listScenarios: readonly Scenario[] = [
  scenario('first page of every standard view', 'page', byHand(300), [sealedPages, openedPages]),
  scenario('a far page of All open', 'page', byHand(300), [pageTwoHundred, pagesFromThere]),
  scenario('counts of all standard views', 'look', counter, [
    oneAsk('inbox.views.counts, with its viewer’s own', 500, async (inbox) =>
      right(await inbox.views.counts({ viewer: VIEWER })),
    ),
  ]),
  scenario('first page of a custom view of three conditions', 'page', byHand(300), [
    oneAsk('inbox.views.list, opened', 50, async (inbox) =>
      right(await inbox.views.list({ view: VIEW })),
    ),
  ]),
  scenario('count of a custom view of three conditions', 'look', counter, [
    oneAsk('inbox.views.count, exact', 500, async (inbox) => {
      if (right(await inbox.views.count({ view: VIEW })).counting)
        throw new Error('not yet counted')
    }),
  ]),
  scenario('search for a common word', 'search', byHand(300), [searchFor(COMMON_WORD)]),
  scenario('search for a rare word', 'search', byHand(300, 5), [searchFor(RARE_WORD)]),
]
