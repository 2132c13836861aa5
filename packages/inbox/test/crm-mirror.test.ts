/** Whatever happens: what the CRM is told of timelines is what ours say. */
import { expect, it } from '@jest/globals'
import {
  createContact,
  createDeal,
  createTicket,
  type RecordReference,
  type Request,
} from '@threadbook/core'
import { inMemoryCrm } from '@threadbook/inbox/testing'
import { recordRows } from '@threadbook/projection-contact'
import { catchUp, type Adapters, type Rows } from '@threadbook/sourcing'
import { memoryReadModels } from '@threadbook/sourcing/memory'
import * as fc from 'fast-check'
import { ada, openDesk, right } from './fixtures.js'

const acts = fc.array(
  fc.record({
    act: fc.constantFrom(
      'receive',
      'hide',
      'unhide',
      'associate',
      'disassociate',
      'ticket',
      'deal',
      'block',
      'trash',
      'restore',
      'purge',
      'merge',
      'away',
    ),
    conversation: fc.nat({ max: 1 }),
    other: fc.nat({ max: 1 }),
  }),
  { minLength: 5, maxLength: 25, size: '+1' },
)

const rows = recordRows as unknown as Rows

/** The rows that a rebuild from the log gives are those there are. */
const expectRecordsRebuilt = async ({ store, readModels }: Adapters) => {
  const fresh = memoryReadModels()
  right(await fresh.open(rows)())
  right(await catchUp(store, fresh, rows))
  const all = {
    where: { and: [] },
    order: { column: 'id', direction: 'ascending' },
    limit: 1_000,
  } as const
  expect(right(await readModels.find(rows, all)())).toEqual(right(await fresh.find(rows, all)()))
}

it('S-095 S-097 S-042 S-105 mirrors every timeline in the CRM, also one that was away', async () => {
  let shown = 0
  await fc.assert(
    fc.asyncProperty(acts, async (asked) => {
      const crm = inMemoryCrm()
      const desk = await openDesk(undefined, { crm })
      const { inbox } = desk
      const person = async () => (await desk.ask(createContact({ actor: ada }))).contactId!
      const contacts = [await person(), await person()] as const
      const ids = [await desk.receive({ contact: contacts[0] }), await desk.receive()] as const
      const messages: [string, string][] = []
      for (const id of ids) {
        const first = (await desk.stream('conversation', id))[1]!.data as { messageId: string }
        messages.push([id, first.messageId])
      }
      const say = async (request: Request) => {
        desk.clock.pass({ minutes: 1 })
        await inbox.execute(request)
      }
      for (const { act, conversation, other } of asked) {
        const conversationId = ids[conversation as 0 | 1]
        const contact = contacts[other as 0 | 1]
        const [, messageId] = messages[(conversation + other) % messages.length]!
        const about = { conversationId, actor: ada }
        if (act === 'receive') {
          const request = await desk.requestOf({ conversationId, from: `${other}` })
          await say(request)
          messages.push([conversationId, request.message.messageId])
        }
        if (act === 'hide') await say({ type: 'HideMessage', messageId, ...about })
        if (act === 'unhide') await say({ type: 'UnhideMessage', messageId, ...about })
        if (act === 'associate') await say({ type: 'AssociateContact', contact, ...about })
        if (act === 'disassociate') await say({ type: 'DisassociateContact', ...about })
        if (act === 'ticket') await say(createTicket({ name: 'Lamp', ...about }))
        if (act === 'deal') await say(createDeal({ name: 'Lamps', ...about }))
        if (act === 'block') await say({ type: 'BlockSender', ...about })
        if (act === 'trash') await say({ type: 'Trash', ...about })
        if (act === 'restore') await say({ type: 'Restore', ...about })
        if (act === 'purge') await say({ type: 'Purge', ...about })
        if (act === 'merge')
          await say({
            type: 'MergeContacts',
            contactId: contacts[0],
            into: contacts[1],
            actor: ada,
          })
        crm.behave(act === 'away' ? 'unavailable' : 'asUsual')
      }
      crm.behave('asUsual')
      await inbox.settled()
      const records: RecordReference[] = contacts.map((id) => ({ type: 'contact', id }))
      for (const { type, data } of await desk.log()) {
        if (type === 'TicketAssociated')
          records.push({ type: 'ticket', id: (data as { ticket: string }).ticket })
        if (type === 'DealCreated')
          records.push({ type: 'deal', id: (data as { deal: string }).deal })
      }
      const namesOf = (entries: readonly string[]) => [...entries].sort()
      for (const record of records) {
        const ours = right(await inbox.timeline(record)).map(({ messageId }) => messageId)
        const theirs = crm.timeline('main', record).map(({ message }) => message)
        expect(namesOf(theirs)).toEqual(namesOf(ours))
        shown += ours.length
      }
      await expectRecordsRebuilt(desk.adapters)
      await inbox.close()
    }),
    { numRuns: 25, seed: 7 },
  )
  // The run was no empty one.
  expect(shown).toBeGreaterThan(20)
})
