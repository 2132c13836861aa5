/** Searching on every store: what is found, and what never is again. */
import { expect, it } from '@jest/globals'
import { connectChannel, hideMessage, purge, trash, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { right } from '../packages/inbox/test/fixtures.js'
import { onEveryStore, type Place } from './stores.js'

const ada = user('ada')
const mail = (id: string, text: string) =>
  Buffer.from(
    `From: Zoë Quinn <${id}@example.org>\nTo: support@example.com\nSubject: Order ${id}\nMessage-ID: <${id}@example.org>\nContent-Type: text/plain; charset=utf-8\n\n${text}\n`,
  )

const open = async ({ open: adapters }: Place): Promise<Inbox> => {
  const inbox = await openInbox(await adapters())
  const channel = { inboxId: 'support', channel: 'email', address: 'support@example.com' } as const
  right(await inbox.execute(connectChannel({ ...channel, actor: 'system' })))
  return inbox
}

const receive = async (inbox: Inbox, id: string, text: string): Promise<string> =>
  right(await receiveMail(inbox, mail(id, text))).conversationId

const ids = async (inbox: Inbox, text: string): Promise<readonly string[]> =>
  right(await inbox.search({ text })).found.map(({ item }) => item.conversationId)

onEveryStore(({ place }) => {
  it('D-14 finds words in any writing, and nothing of what was hidden or purged, by any process', async () => {
    const here = await place()
    await using inbox = await open(here)
    const a = await receive(inbox, 'a', 'Où est ma commande ? 東京')
    const b = await receive(inbox, 'b', 'commande et mot de passe: tulipe')
    expect(await ids(inbox, 'commande')).toEqual([b, a])
    expect(await ids(inbox, 'COMM ou "東京"')).toEqual([a])
    expect(await ids(inbox, 'zoe a@example.org')).toEqual([a])

    await using other = await open(here)
    expect(await ids(other, 'tulipe')).toEqual([b])
    const { entries } = right(await inbox.thread(b))
    const messageId = entries.flatMap((entry) =>
      entry.type === 'message' ? [entry.messageId] : [],
    )[0]!
    right(await inbox.execute(hideMessage({ conversationId: b, messageId, actor: ada })))
    expect(await ids(inbox, 'tulipe')).toEqual([])
    expect(await ids(other, 'tulipe')).toEqual([])

    right(await inbox.execute(trash({ conversationId: a, actor: ada })))
    expect(await ids(other, 'commande is:trashed')).toEqual([a])
    right(await inbox.execute(purge({ conversationId: a, actor: ada })))
    expect(await ids(inbox, 'commande')).toEqual([])
    expect(await ids(other, 'commande')).toEqual([])
  })

  it('S-019 D-13 pages of a search add up to the whole, in each order', async () => {
    await using inbox = await open(await place())
    const all: string[] = []
    for (let n = 0; n < 7; n++) all.push(await receive(inbox, `n${String(n)}`, 'refund'))
    const paged = async (sort: 'newestFirst' | 'oldestFirst' | 'longestWaiting') => {
      const found: string[] = []
      for (let after: string | undefined; ;) {
        const page = right(await inbox.search({ text: 'refund', sort, after, limit: 3 }))
        found.push(...page.found.map(({ item }) => item.conversationId))
        after = page.next
        if (after === undefined) return found
      }
    }
    expect(await paged('oldestFirst')).toEqual(all)
    expect(await paged('newestFirst')).toEqual([...all].reverse())
    expect(await paged('longestWaiting')).toEqual(all)
  })

  it('S-019 ranks by one formula', async () => {
    await using inbox = await open(await place())
    const often = await receive(inbox, 'often', 'Tulipe, tulipe! Émile voudrait une tulipe.')
    const once = await receive(inbox, 'once', 'Une tulipe, Émile ?')
    const long = await receive(inbox, 'long', `Une tulipe. ${'Et puis autre chose. '.repeat(40)}`)
    const ranked = async (text: string) => {
      const { found, sort } = right(await inbox.search({ text, sort: 'bestMatch' }))
      expect(sort).toBe('bestMatch')
      return found.map(({ item }) => item.conversationId)
    }
    expect(await ranked('tulipe')).toEqual([often, once, long])
    expect(await ranked('"une tulipe"')).toEqual([once, often, long])
  })
})
