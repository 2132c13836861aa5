/** What a screen is told it may do, over random histories: what is then asked is answered so. */
import { expect, it } from '@jest/globals'
import {
  addUser,
  blockSender,
  bulkClose,
  bulkTrash,
  conversationActions,
  conversations,
  deactivateUser,
  handOff,
  hideMessage,
  latestEmail,
  markAsSpam,
  mergeInto,
  messageActions,
  openAccount,
  purge,
  reply,
  takeOverByBot,
  trash,
  user,
  type ActionOn,
  type Present,
  type Request,
} from '@threadbook/core'
import { requests } from '@threadbook/core/testing'
import { openInbox, type Allowed } from '@threadbook/inbox'
import { inMemoryCrm, inMemoryDelivery } from '@threadbook/inbox/testing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { deskAt, right, START, type Clock, type Desk } from './fixtures.js'

/** The few ids that random requests name, as keys that there are. */
const keys = new Map(['1', '2', '3'].map((id) => [id, new Uint8Array(32).fill(Number(id))]))

interface Watch extends Clock {
  /** Milliseconds. */
  readonly set: (time: number) => void
}

const watch = (): Watch => {
  let time = Date.parse(START)
  const now = () => new Date(time).toISOString()
  const pass: Clock['pass'] = ({ minutes = 0, days = 0 }) => {
    time += (days * 1_440 + minutes) * 60_000
    return now()
  }
  return { now, pass, set: (to) => void (time = to) }
}

interface Place extends Desk {
  readonly watch: Watch
}

const held = (conversationId: string): Request =>
  takeOverByBot({ conversationId, chatflowId: 'f', chatflowName: 'Hi', actor: 'bot:f' })

/** Three inboxes, one of them for a few; a super admin, an admin, two members, and one who is away for good. */
const place = async (): Promise<Place> => {
  const adapters = await memory()
  right(await adapters.vault.add(keys)())
  const time = watch()
  const ports = { crm: inMemoryCrm(), delivery: inMemoryDelivery() }
  const inbox = await openInbox(adapters, { clock: time, inbox: '1', ...ports })
  const desk = deskAt(inbox, adapters, time)
  const day = { createdOn: '2024-01-01', zone: 'UTC', edition: 'enterprise' as const }
  await desk.ask(openAccount({ ...day, actor: 'system' }))
  for (const inboxId of ['1', '2', '3'])
    for (const channel of ['email', 'chat'] as const)
      await desk.ask({ type: 'ConnectChannel', inboxId, channel, actor: 'system' })
  for (const [userId, roles] of [
    ['ada', ['superAdmin']],
    ['bo', ['member']],
    ['cy', ['admin']],
    ['dee', ['member']],
    ['eli', ['member']],
  ] as const)
    await desk.ask(addUser({ userId, roles, actor: 'system' }))
  await desk.ask(deactivateUser({ userId: 'eli', actor: 'system' }))
  const members = [user('bo')]
  await desk.ask({ type: 'ChangeMembers', inboxId: '2', members, actor: 'system' })
  for (const [conversationId, channel, inboxId] of [
    ['1', 'email', '1'],
    ['2', 'chat', '1'],
    ['3', 'email', '2'],
  ] as const) {
    const start = { inbox: inboxId, key: conversationId }
    await desk.ask({ ...(await desk.requestOf({ channel })), conversationId, start })
  }
  await desk.ask(held('2'))
  return { ...desk, watch: time }
}

const conversationIds = fc.constantFrom('1', '2', '3')
const viewers = fc.constantFrom('ada', 'bo', 'cy', 'dee', 'eli', 'host')
const actors = viewers.map(user)

/** What leads to most of what may be refused, oftener than chance would. */
const telling: fc.Arbitrary<Request> = fc
  .record({ conversationId: conversationIds, actor: actors, messageId: conversationIds })
  .chain(({ conversationId, actor, messageId }) =>
    fc.constantFrom<Request>(
      held(conversationId),
      handOff({ conversationId, actor: 'bot:f' }),
      reply({ conversationId, text: 'Hi', messageId, actor }),
      hideMessage({ conversationId, messageId, actor }),
      trash({ conversationId, actor }),
      purge({ conversationId, actor: 'system' }),
      markAsSpam({ conversationId, actor }),
      blockSender({ conversationId, actor }),
      mergeInto({ conversationId, target: messageId, actor }),
    ),
  )

/** A number that chooses among what is there. */
const choice = fc.nat({ max: 997 })
type Step =
  | { readonly does: 'ask'; readonly request: unknown }
  | { readonly does: 'wait'; readonly minutes: number }
  | {
      readonly does: 'look'
      readonly viewer: string
      readonly conversationId: string
      readonly at: 'conversation' | 'message'
      readonly choice: number
    }
  | {
      readonly does: 'select'
      readonly viewer: string
      readonly items: readonly string[]
      readonly action: 'trash' | 'close'
    }
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ does: fc.constant('ask' as const), request: requests }),
    fc.record({ does: fc.constant('ask' as const), request: telling }),
    fc.record({
      does: fc.constant('wait' as const),
      minutes: fc.constantFrom(1, 29, 30, 1_440, 40 * 1_440),
    }),
    fc.record({
      does: fc.constant('look' as const),
      viewer: viewers,
      conversationId: conversationIds,
      at: fc.constantFrom('conversation', 'message'),
      choice,
    }),
    fc.record({
      does: fc.constant('select' as const),
      viewer: viewers,
      items: fc.uniqueArray(fc.constantFrom('1', '2', '3', 'none'), { minLength: 1 }),
      action: fc.constantFrom('trash', 'close'),
    }),
  ),
  { minLength: 10, maxLength: 40, size: 'max' },
)

const states = async ({ inbox }: Desk, ids: Iterable<string>): Promise<readonly Present[]> => {
  const found: Present[] = []
  for (const id of ids) {
    const state = right(await inbox.door.commands.read(inbox.door.account, conversations, id))
    if (state.situation === 'present') found.push(state)
  }
  return found
}

/** What a screen would fill in, where an action asks for more than who and what. */
const onFor = async (desk: Desk, viewer: string, conversationId: string): Promise<ActionOn> => {
  const own = await states(desk, [conversationId])
  const shown = [...own, ...(await states(desk, own[0]?.sources ?? []))]
  const inboxes = right(await desk.inbox.inboxes()).map(({ id }) => id)
  return {
    conversationId,
    actor: user(viewer),
    now: desk.clock.now(),
    owner: user(viewer),
    inbox: inboxes.find((id) => id !== own[0]?.inbox) ?? 'none',
    messageId: latestEmail(shown)?.messageId ?? 'none',
    contact: own[0]?.contact ?? 'none',
  }
}

/** How it went, as it would be foretold. */
const done = async ({ inbox }: Desk, request: Request): Promise<string> => {
  const answer = await inbox.execute(request)
  if (E.isLeft(answer)) return answer.left.type
  return answer.right.receipts.some(({ outcome }) => outcome !== 'unchanged') ? 'done' : 'unchanged'
}
const foretold = (told: Allowed): string => {
  if (!told.allowed) return told.refusal.type
  return told.changes ? 'done' : 'unchanged'
}

/** Each answer that was met: the run is to be no empty one. */
const met = new Set<string>()

const expectDone = async (
  desk: Place,
  name: string,
  request: Request,
  how: string,
): Promise<void> => expect(`${name}: ${await done(desk, request)}`).toBe(`${name}: ${how}`)

/** Where only time is missing: a moment before it is refused, and then it is not. */
const expectFrom = async (
  desk: Place,
  name: string,
  request: Request,
  { refusal, from }: Extract<Allowed, { readonly allowed: false }>,
): Promise<void> => {
  if (from === undefined) return
  met.add(`${name} from`)
  desk.watch.set(Date.parse(from) - 1)
  await expectDone(desk, name, request, refusal.type)
  desk.watch.set(Date.parse(from))
  await expectDone(desk, name, request, 'done')
}

/** All that would change nothing is asked for, and of the rest one. */
const expectTold = async (
  desk: Place,
  told: Readonly<Record<string, Allowed>>,
  requestOf: (name: string) => Request,
  choice: number,
): Promise<void> => {
  const before = (await desk.log()).length
  const changing: string[] = []
  const waiting: string[] = []
  for (const [name, each] of Object.entries(told)) {
    met.add(`${name} ${foretold(each)}`)
    if (each.allowed && each.changes) changing.push(name)
    else await expectDone(desk, name, requestOf(name), foretold(each))
    if (!each.allowed && each.from !== undefined) waiting.push(name)
  }
  expect((await desk.log()).length).toBe(before)
  const name = waiting[0] ?? changing[choice % changing.length]
  if (name === undefined) return
  const each = told[name]!
  if (each.allowed) await expectDone(desk, name, requestOf(name), 'done')
  else await expectFrom(desk, name, requestOf(name), each)
}

const look = async (
  desk: Place,
  { viewer, conversationId, at, choice }: Extract<Step, { readonly does: 'look' }>,
): Promise<void> => {
  const on = await onFor(desk, viewer, conversationId)
  const messages = (await states(desk, [conversationId])).flatMap((state) => [
    ...state.messages.keys(),
  ])
  const messageId = messages[choice % messages.length] ?? 'none'
  const told: E.Either<{ readonly type: string }, object> =
    at === 'conversation'
      ? await desk.inbox.allowedActions(viewer, { conversationId })
      : await desk.inbox.allowedActions(viewer, { conversationId, messageId })
  const requestOf = (name: string): Request =>
    at === 'conversation'
      ? conversationActions[name as keyof typeof conversationActions](on)
      : messageActions[name as keyof typeof messageActions]({ ...on, messageId })
  if (E.isRight(told)) return expectTold(desk, { ...told.right }, requestOf, choice)
  // Who may not look at it may do nothing with it.
  met.add(`look ${told.left.type}`)
  for (const name of Object.keys(at === 'conversation' ? conversationActions : messageActions))
    await expectDone(desk, name, requestOf(name), told.left.type)
}

const select = async (
  desk: Place,
  { viewer, items, action }: Extract<Step, { readonly does: 'select' }>,
): Promise<void> => {
  const told = await desk.inbox.allowedActions(viewer, { conversationIds: items })
  const bulk = action === 'trash' ? bulkTrash : bulkClose
  const { bulkOperationId } = right(await desk.inbox.execute(bulk({ items, actor: user(viewer) })))
  const operation = right(await desk.inbox.bulkOperation(bulkOperationId!))
  const outcomes = operation.items.map(({ conversationId, outcome }) => [
    conversationId,
    outcome?.result === 'refused' ? outcome.reason?.type : outcome?.result,
  ])
  // One that is kept from the viewer keeps the answer; the others are done all the same.
  if (E.isLeft(told)) {
    met.add(`selection ${told.left.type}`)
    expect(outcomes.map(([, how]) => how)).toContain(told.left.type)
    return
  }
  const expected = items.map((id) => [id, foretold(told.right.get(id)![action])])
  for (const [, how] of expected) met.add(`selected ${action} ${String(how)}`)
  expect(outcomes).toEqual(expected)
}

const take = async (desk: Place, step: Step): Promise<void> => {
  if (step.does === 'wait') desk.clock.pass({ minutes: step.minutes })
  if (step.does === 'ask') await desk.inbox.execute(step.request as Request)
  await desk.inbox.settled()
  if (step.does === 'look') await look(desk, step)
  if (step.does === 'select') await select(desk, step)
}

it('S-077 S-084 S-087 S-089 S-096 what is said to be allowed is what is then done, and what is refused', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const desk = await place()
      for (const step of taken) await take(desk, step)
      await desk.inbox.close()
    }),
    { numRuns: 35, seed: 11 },
  )
  expect([...met]).toEqual(
    expect.arrayContaining([
      'close BotStillTalking',
      'close from',
      'forward done',
      'hide done',
      'look NoAccess',
      'reply ConversationMerged',
      'restore done',
      'selected close BotStillTalking',
      'selected trash done',
      'selection NoAccess',
      'unhide NotAllowedToUnhide',
    ]),
  )
})
