/** Each refusal that the front door adds to those of the streams is met. */
import { expect, it } from '@jest/globals'
import {
  addUser,
  assign,
  blockSender,
  compose,
  createTicket,
  removeUser,
  user,
  type Kinds,
} from '@threadbook/core'
import type { Refusal } from '@threadbook/inbox'
import type { Either } from 'fp-ts/lib/Either.js'
import { ada, openDesk, type Desk } from './fixtures.js'

type OfStreams = {
  readonly [K in keyof Kinds]: ReturnType<Kinds[K]['category']['decide']> extends Either<
    infer R extends { readonly type: string },
    unknown
  >
    ? R['type']
    : never
}[keyof Kinds]
type OfTheDoor = Exclude<Refusal['type'], OfStreams>

const eve = user('eve')

/** Whoever adds one is asked by the compiler how it is met. */
const met: Readonly<Record<OfTheDoor, (desk: Desk) => Promise<{ readonly type: string }>>> = {
  NoAccess: async (desk) => {
    const conversationId = await desk.receive()
    await desk.ask(addUser({ userId: 'eve', actor: 'system' }))
    await desk.ask({ type: 'ChangeMembers', inboxId: 'support', members: [], actor: 'system' })
    return desk.refused(assign({ conversationId, owner: eve, actor: eve }))
  },
  NotPermitted: async (desk) => {
    await desk.ask(addUser({ userId: 'eve', actor: 'system' }))
    return desk.refused(removeUser({ userId: 'ada', actor: eve }))
  },
  NoChannelConnected: async (desk) => {
    await desk.ask({ type: 'CreateInbox', inboxId: 'sales', name: 'Sales', actor: 'system' })
    const to = [{ address: 'maria@mail.example' }]
    return desk.refused(compose({ inbox: 'sales', to, text: 'Hello', actor: ada }))
  },
  NoCrm: async (desk) =>
    desk.refused(createTicket({ conversationId: await desk.receive(), name: 'Late', actor: ada })),
  NoSender: (desk) => desk.refused(blockSender({ conversationId: 'none', actor: ada })),
}

it.each(Object.entries(met))('%s is met', async (type, meet) => {
  const desk = await openDesk()
  expect(await meet(desk)).toMatchObject({ type })
  await desk.inbox.close()
})
