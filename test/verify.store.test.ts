/** A running system is compared with its log, on every store: what was damaged is found, and no more. */
import { expect, it } from '@jest/globals'
import { assign, connectChannel, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox } from '@threadbook/inbox'
import { remove, type Adapters, type RecordedEvent, type Rows } from '@threadbook/sourcing'
import { right } from '../packages/inbox/test/fixtures.js'
import { newEvent } from './events.js'
import { onEveryStore } from './stores.js'

const ada = user('ada')

/** As an accident would: rows change that no event speaks of. `counted`: what else they count for. */
const ledger = (counted: readonly string[] = []): Rows => ({
  name: 'ledger',
  version: 1,
  table: { name: 'ledger', columns: { sum: 'number' }, indexes: [] },
  categories: ['note'],
  on: {
    Put: (row, { data }) => {
      const { n } = data as { readonly n: number }
      if (row === undefined) return { sum: n }
      row['sum'] = Number(row['sum']) + n
      return undefined
    },
    Removed: () => remove,
  },
  counters: () => ['all', ...counted],
})

const damage = async ({ readModels }: Adapters, key: string, type: string, counted?: string) => {
  const position = right(await readModels.checkpoint(ledger())())!
  const stream = `note-acme.${key}`
  const event: RecordedEvent = { ...newEvent({ n: 1_000 }, type), stream, revision: 99, position }
  const forged = ledger(counted === undefined ? [] : [counted])
  right(await readModels.apply(forged, { events: [event], after: position, position })())
}

onEveryStore(({ place }) => {
  it('verify finds a row that is damaged, one that is missing, one too many and a wrong counter', async () => {
    const here = await place()
    const adapters = await here.open()
    await using inbox = await openInbox(adapters, { projections: [ledger()] })
    const put = async (key: string, n: number) =>
      right(
        await adapters.store.append({
          stream: `note-acme.${key}`,
          expected: 'any',
          events: [newEvent({ n })],
        })(),
      )
    for (let n = 0; n < 20; n++) await put(`k${n % 10}`, n)
    right(await inbox.caughtUp())
    expect(right(await inbox.projections.verify('ledger'))).toMatchObject([
      { projection: 'ledger', events: 20, rows: 10, differences: [], more: 0, waiting: 0 },
    ])

    await damage(adapters, 'k1', 'Put')
    await damage(adapters, 'k2', 'Removed')
    await damage(adapters, 'zz', 'Put')
    await damage(adapters, 'k3', 'Removed')
    await damage(adapters, 'k3', 'Put', 'wrong')
    await damage(adapters, 'k3', 'Removed')
    const [verified] = right(await inbox.projections.verify('ledger'))
    expect(verified!.differences).toMatchObject([
      {
        type: 'differs',
        key: 'k1',
        fields: [{ field: 'sum', served: 1_012, replayed: 12, setBy: { type: 'Put' } }],
        events: [{ revision: 0 }, { revision: 1 }],
      },
      { type: 'missing', key: 'k2' },
      { type: 'missing', key: 'k3' },
      { type: 'surplus', key: 'zz', events: [] },
      { type: 'counter', name: 'all' },
      { type: 'counter', name: 'wrong', replayed: 0 },
    ])
  })

  it('verify finds nothing wrong while others write', async () => {
    const here = await place()
    await using inbox = await openInbox(await here.open())
    await using other = await openInbox(await here.open())
    const received: string[] = []
    const receive = async (n: number) => {
      const mail = `From: Bo <${n}@example.org>\nTo: support@example.com\nSubject: Order ${n}\nMessage-ID: <${n}@example.org>\n\nHello\n`
      const { conversationId } = right(await receiveMail(other, Buffer.from(mail)))
      received.push(conversationId)
      right(await other.execute(assign({ conversationId, owner: ada, actor: ada })))
    }
    const channel = {
      inboxId: 'support',
      channel: 'email',
      address: 'support@example.com',
    } as const
    right(await other.execute(connectChannel({ ...channel, actor: 'system' })))
    for (let n = 0; n < 5; n++) await receive(n)
    right(await inbox.caughtUp())
    let verifying = true
    const writing = (async () => {
      for (let n = 5; verifying && n < 60; n++) await receive(n)
    })()
    const verified = right(await inbox.projections.verify())
    verifying = false
    await writing
    expect(verified.map(({ projection }) => projection)).toContain('conversations')
    for (const each of verified) expect(each).toMatchObject({ differences: [], waiting: 0 })
    expect(verified.find(({ projection }) => projection === 'conversations')!.rows).toBeGreaterThan(
      4,
    )
  })
})
