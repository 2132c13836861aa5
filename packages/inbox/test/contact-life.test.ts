/** Contacts that are merged, deleted, restored and forgotten, with their addresses. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addIdentity,
  associateContact,
  blockSender,
  createContact,
  deleteContact,
  eraseContact,
  mergeContacts,
  mergeInto,
  nameContact,
  placeHold,
  releaseHold,
  restoreContact,
  trash,
} from '@threadbook/core'
import { contactOf, identityOf } from '@threadbook/inbox'
import { contactTexts } from '../src/contact-addresses.js'
import { ada, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

const email = async (contactId: string, address: string) =>
  desk.ask(addIdentity({ contactId, kind: 'email', address, actor: ada }))

const person = async (name: string, ...addresses: string[]): Promise<string> => {
  const contactId = (await desk.ask(createContact({ name, actor: ada }))).contactId!
  for (const address of addresses) await email(contactId, address)
  return contactId
}

/** Whose an address is, as intake would ask. */
const whose = async (address: string): Promise<string | undefined> => {
  const { commands, account, mac } = desk.inbox.door
  const identity = identityOf(await mac(), 'email', address)
  const found = await commands.transact(
    { account, actor: ada, commandId: desk.inbox.door.newId() },
    async (transaction) => ({
      _tag: 'Right' as const,
      right: await contactOf(transaction, identity),
    }),
  )
  return right(found).value?.contact
}

const texts = (contactId: string) => contactTexts(desk.inbox.door, contactId)

describe('two contacts of one person', () => {
  it('are one after a merge, with the addresses of both', async () => {
    const maria = await person('Maria', 'maria@example.com')
    const work = await person('M. Rossi', 'rossi@work.example')
    await desk.ask(mergeContacts({ contactId: work, into: maria, actor: ada }))
    expect(await whose('rossi@work.example')).toBe(maria)
    expect(await texts(maria)).toEqual({
      name: 'Maria',
      addresses: [
        expect.objectContaining({ address: 'maria@example.com' }),
        expect.objectContaining({ address: 'rossi@work.example' }),
      ],
    })
  })

  it('have the one name that there is', async () => {
    const maria = (await desk.ask(createContact({ actor: ada }))).contactId!
    const work = await person('M. Rossi')
    await desk.ask(mergeContacts({ contactId: work, into: maria, actor: ada }))
    expect((await texts(maria)).name).toBe('M. Rossi')
  })

  it('are merged once, whoever asks again, and not into themselves or into nobody', async () => {
    const maria = await person('Maria', 'maria@example.com')
    const work = await person('M. Rossi', 'rossi@work.example')
    const request = mergeContacts({ contactId: work, into: maria, actor: ada })
    await desk.ask(request)
    const before = (await desk.log()).length
    await desk.ask(request)
    expect((await desk.log()).length).toBe(before)
    expect(
      await desk.refused(mergeContacts({ contactId: maria, into: maria, actor: ada })),
    ).toMatchObject({ type: 'InvalidCommand', field: 'into' })
    expect(
      await desk.refused(mergeContacts({ contactId: maria, into: 'nobody', actor: ada })),
    ).toEqual({ type: 'NoSuchContact', situation: 'absent' })
    expect(await desk.refused(nameContact({ contactId: work, name: 'No', actor: ada }))).toEqual({
      type: 'ContactMerged',
      into: maria,
    })
  })

  it('K-22 S-109 are forgotten together', async () => {
    const maria = await person('Maria', 'maria@example.com')
    const work = await person('M. Rossi', 'rossi@work.example')
    await desk.ask(mergeContacts({ contactId: work, into: maria, actor: ada }))
    await desk.ask(eraseContact({ contactId: maria, actor: ada }))
    for (const contact of [maria, work])
      expect(await texts(contact)).toEqual({ name: undefined, addresses: [] })
    expect(await whose('rossi@work.example')).toBeUndefined()
  })
})

describe('K-22 a deleted contact', () => {
  it('has no addresses, and has them again when it is restored', async () => {
    const maria = await person('Maria', 'maria@example.com')
    await desk.ask(deleteContact({ contactId: maria, actor: ada }))
    expect(await whose('maria@example.com')).toBeUndefined()
    desk.clock.pass({ days: 89 })
    await desk.ask(restoreContact({ contactId: maria, actor: ada }))
    expect(await whose('maria@example.com')).toBe(maria)
  })

  it('leaves an address to whoever has it meanwhile', async () => {
    const maria = await person('Maria', 'maria@example.com', 'm@example.com')
    await desk.ask(deleteContact({ contactId: maria, actor: ada }))
    const other = await person('Mario', 'm@example.com')
    await desk.ask(restoreContact({ contactId: maria, actor: ada }))
    expect(await whose('m@example.com')).toBe(other)
    expect(await whose('maria@example.com')).toBe(maria)
    expect((await texts(maria)).addresses).toHaveLength(1)
  })

  it('is erased after 90 days, unless it was restored', async () => {
    const [gone, back] = [await person('Maria'), await person('Paul')]
    for (const contactId of [gone, back]) await desk.ask(deleteContact({ contactId, actor: ada }))
    await desk.ask(restoreContact({ contactId: back, actor: ada }))
    expect(right(await desk.inbox.tick(desk.clock.pass({ days: 89 }))).erased).toEqual([])
    expect(right(await desk.inbox.tick(desk.clock.pass({ days: 2 }))).erased).toEqual([gone])
    expect((await texts(gone)).name).toBeUndefined()
    expect((await texts(back)).name).toBe('Paul')
  })

  it('S-050 cannot be associated, nor one that was erased; a merged one stands for the other', async () => {
    const [deleted, erased, merged, other] = [
      await person('A'),
      await person('B'),
      await person('C'),
      await person('D'),
    ] as const
    const conversationId = await desk.receive()
    await desk.ask(deleteContact({ contactId: deleted, actor: ada }))
    await desk.ask(eraseContact({ contactId: erased, actor: ada }))
    await desk.ask(mergeContacts({ contactId: merged, into: other, actor: ada }))
    const associate = (contact: string) => associateContact({ conversationId, contact, actor: ada })
    expect(await desk.refused(associate(deleted))).toMatchObject({ type: 'ContactDeleted' })
    expect(await desk.refused(associate(erased))).toMatchObject({ type: 'NoSuchContact' })
    await desk.ask(associate(merged))
    expect(await desk.row(conversationId)).toMatchObject({ contact: other })
  })

  it('cannot be restored after 90 days', async () => {
    const maria = await person('Maria')
    await desk.ask(deleteContact({ contactId: maria, actor: ada }))
    desk.clock.pass({ days: 90 })
    expect(await desk.refused(restoreContact({ contactId: maria, actor: ada }))).toMatchObject({
      type: 'ContactNotRestorable',
    })
  })
})

describe('the conversations of a contact', () => {
  const settled = () => desk.inbox.settled()

  it('are the other’s once two contacts are merged, those in Trash and merged ones too', async () => {
    const maria = await person('Maria')
    const work = await person('M. Rossi')
    const theirs = [
      await desk.receive({ contact: work }),
      await desk.receive({ contact: work }),
      await desk.receive({ contact: work }),
    ] as const
    await desk.ask(trash({ conversationId: theirs[1], actor: ada }))
    await desk.ask(mergeInto({ conversationId: theirs[2], target: theirs[0], actor: ada }))
    await desk.ask(mergeContacts({ contactId: work, into: maria, actor: ada }))
    await settled()
    for (const id of theirs) expect(await desk.row(id)).toMatchObject({ contact: maria })
  })

  it('K-22 S-109 are purged with a contact who is erased, wherever they are', async () => {
    const maria = await person('Maria')
    const other = await desk.receive()
    const theirs = [await desk.receive({ contact: maria }), await desk.receive({ contact: maria })]
    await desk.ask(trash({ conversationId: theirs[1]!, actor: ada }))
    await desk.ask(eraseContact({ contactId: maria, actor: ada }))
    await settled()
    for (const id of theirs) expect(await desk.row(id)).toBeUndefined()
    expect(await desk.row(other)).toBeDefined()
  })

  it('K-22 are purged with one whom they were merged into a moment ago', async () => {
    const maria = await person('Maria')
    const work = await person('M. Rossi')
    const theirs = await desk.receive({ contact: work })
    await desk.ask(mergeContacts({ contactId: work, into: maria, actor: ada }))
    await desk.ask(eraseContact({ contactId: maria, actor: ada }))
    await settled()
    expect(await desk.row(theirs)).toBeUndefined()
  })

  it('D-06 K-22 stay while they are held, and go when they are not', async () => {
    const maria = await person('Maria')
    const conversationId = await desk.receive({ contact: maria })
    await desk.ask(placeHold({ conversationId, reason: 'a lawsuit', actor: ada }))
    await desk.ask(eraseContact({ contactId: maria, actor: ada }))
    await settled()
    expect(await desk.row(conversationId)).toBeDefined()
    await desk.ask(releaseHold({ conversationId, actor: ada }))
    await settled()
    expect(await desk.row(conversationId)).toBeUndefined()
  })
})

it('K-22 S-109 erasing forgets what is held about the contact as a sender', async () => {
  const maria = await person('Maria', 'maria@example.com')
  await desk.ask(
    blockSender({ kind: 'email', scope: 'address', sender: 'maria@example.com', actor: ada }),
  )
  await desk.ask(eraseContact({ contactId: maria, actor: ada }))
  const forgotten = (await desk.log()).filter(({ type }) => type === 'SenderForgotten')
  expect(forgotten).toHaveLength(1)
  const { keys } = forgotten[0]!.data as { keys: string[] }
  expect(right(await desk.adapters.vault.read(keys)()).size).toBe(0)
})
