/** Six thousand real mails: nothing lost, nothing twice, and the same views whatever happens. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { connectChannel } from '@threadbook/core'
import { importMails, readMail, takeInMails, type Imported, type Mail } from '@threadbook/email'
import { openInbox, type Counts, type Inbox } from '@threadbook/inbox'
import { viewFilter, views } from '@threadbook/projection-views'
import { isNonEmpty, predicate, type Adapters } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import { sqlite } from '@threadbook/sqlite'
import { runProgram, said } from './fixtures/child.js'
import { corpus, shuffled } from './fixtures/corpus.js'
import { folder } from './fixtures/folder.js'
import { expectRebuilt } from './fixtures/rebuild.js'
import { right, TEAM } from './fixtures/support.js'

jest.setTimeout(600_000)

const MAILS = 6_046
const at = folder()
const viewer = { viewer: 'ada' }

const open = async (adapters: Adapters): Promise<Inbox> => {
  const inbox = await openInbox(adapters)
  right(
    await inbox.execute(
      connectChannel({ inboxId: 'support', channel: 'email', address: TEAM, actor: 'system' }),
    ),
  )
  return inbox
}
const countsIn = async (inbox: Inbox): Promise<Counts> => right(await inbox.views.counts(viewer))

let undisturbed: Inbox
let first: Imported
let counts: Counts

beforeAll(async () => {
  undisturbed = await open(await memory())
  first = right(await importMails(undisturbed, corpus))
  counts = await countsIn(undisturbed)
})
afterAll(() => undisturbed.close())

it('reads every mail, and each is received, a duplicate or rejected', () => {
  expect(corpus).toHaveLength(MAILS)
  expect(first.read).toBe(MAILS)
  expect(first.received + first.duplicates + first.rejected).toBe(MAILS)
  expect(first.received).toBeGreaterThan(0.99 * (MAILS - first.duplicates))
})

it('finds each conversation in its views', () => {
  const { views, conversations } = counts
  expect(views.email + views.spam + views.sent).toBeGreaterThan(0)
  expect(views.unassigned).toBe(views.allOpen)
  expect(views.email + views.spam).toBeLessThanOrEqual(conversations)
  expect(Object.values(counts.spamCauses).reduce((a, b) => a + b, 0)).toBe(views.spam)
})

describe('in another order', () => {
  const mails: Mail[] = []
  beforeAll(async () => {
    for (const file of corpus) {
      const mail = await readMail(readFileSync(file))
      if (mail._tag === 'Right') mails.push(mail.right)
    }
  })

  /** 0 for the same number, 1 for none or twice as many. */
  const difference = (found: number, expected: number): number =>
    found === expected ? 0 : Math.abs(found - expected) / expected

  it('receives the same number of mails, in conversations and views that hardly differ', async () => {
    const other = await open(await memory())
    let received = 0
    const order = shuffled(mails, 1)
    for (let i = 0; i < order.length; i += 64) {
      const some = order.slice(i, i + 64).map((mail) => ({ mail }))
      if (!isNonEmpty(some)) continue
      const taken = right(await takeInMails(other, some))
      received += taken.filter(({ outcome }) => outcome === 'received').length
    }
    const found = await countsIn(other)
    await other.close()
    expect(received).toBe(first.received)
    expect(difference(found.conversations, counts.conversations)).toBeLessThanOrEqual(0.01)
    const differing = views.filter(
      ({ key }) => difference(found.views[key], counts.views[key]) > 0.02,
    )
    expect(differing).toEqual([])
  })
})

describe('killed and run again', () => {
  const list = join(at, 'mails')
  const run = (when: string, killAt = Infinity) =>
    runProgram('interrupted-import.mjs', [join(at, 'killed.db'), when, list], (line) =>
      line.startsWith('progress ') && Number(line.slice('progress '.length)) >= killAt
        ? 'kill'
        : undefined,
    )
  let adapters: Adapters
  let inbox: Inbox
  afterAll(() => inbox.close())

  it('ends in the views of an undisturbed run', async () => {
    writeFileSync(list, corpus.join('\n'))
    const deaths = [
      await run('afterBlob:3'),
      await run('beforeAppend:6'),
      await run('afterAppend:14'),
      await run('never', 1_500),
    ]
    expect(deaths.map(({ signal }) => signal)).toEqual(deaths.map(() => 'SIGKILL'))
    const last = JSON.parse(said(await run('never'), 'result')!)
    expect(last.right).toMatchObject({ read: MAILS, rejected: first.rejected })
    // It found what the runs before had stored, and had something left to do.
    expect(last.right.duplicates).toBeGreaterThanOrEqual(1_500)
    expect(last.right.received).toBeGreaterThan(0)

    // NORMAL: no test here takes the power away.
    adapters = await sqlite(join(at, 'killed.db'), { synchronous: 'NORMAL' })
    inbox = await openInbox(adapters)
    expect(await countsIn(inbox)).toEqual(counts)
  })

  it('receives nothing when it runs once more, and changes no view', async () => {
    const again = right(await importMails(inbox, corpus))
    expect(again).toEqual({
      read: MAILS,
      received: 0,
      duplicates: MAILS - first.rejected,
      rejected: first.rejected,
    })
    expect(await countsIn(inbox)).toEqual(counts)
  })

  it('keeps the views that a rebuild from the log gives, row by row, and exact counters', async () => {
    const rows = await expectRebuilt(adapters)
    expect(rows.length).toBeGreaterThanOrEqual(counts.conversations)
    const scope = { account: 'main', inbox: 'support', ...viewer }
    for (const { key } of views) {
      const holds = predicate(viewFilter(key, scope))
      expect([key, rows.filter(({ row }) => holds(row)).length]).toEqual([key, counts.views[key]])
    }
  })
})
