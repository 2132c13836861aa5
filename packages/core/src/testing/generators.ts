/**
 * Any event and any command of each kind of stream, made from their codecs: what a kind gains, the
 * generators gain with it. Only what the front door adds to a request has to be told here.
 */
import { toSeal, type DomainEvent, type EventsOf, type EventTypes } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import type * as t from 'io-ts'
import { CorrespondentToSeal } from '../conversation/message.js'
import { kinds, type Kinds } from '../kinds.js'
import type { SenderPolicyCommand } from '../sender-policy/index.js'
import { SenderScope } from '../sender-policy/events.js'
import { Edition, IdentityKind } from '../vocabulary.js'
import { actors, arbitraryOf, ids } from './arbitrary.js'

export type KindName = keyof Kinds
export type EventOfKind<K extends KindName> = EventsOf<Kinds[K]['category']['events']>
/** A command with its times (see `Stamped`). */
export type CommandOfKind<K extends KindName> = Parameters<Kinds[K]['category']['decide']>[0]
type Unstamped<C> = C extends unknown ? Omit<C, 'at' | 'now'> : never

const names = Object.keys(kinds) as readonly KindName[]
/** One value for each kind of stream. */
export const perKind = <A>(make: (name: KindName) => A): Readonly<Record<KindName, A>> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<KindName, A>

/** Any event of these types, as it is stored. */
const eventsOf = ({ byName }: EventTypes): fc.Arbitrary<DomainEvent> =>
  fc.oneof(
    ...[...byName.values()].map(({ type, data }) =>
      arbitraryOf(data).map((value) => ({ type, data: value })),
    ),
  )

export const events = perKind((name) => eventsOf(kinds[name].category.events)) as {
  readonly [K in KindName]: fc.Arbitrary<EventOfKind<K>>
}

type Completed = Readonly<Record<string, fc.Arbitrary<Record<string, unknown>>>>

const situations = fc.constantFrom('unknown', 'active', 'deactivated', 'removed')
const facts = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ facts: fc.record(fields) })

const person = arbitraryOf(CorrespondentToSeal)
/** Whether it goes out through the port. */
const leaving = { outbox: fc.option(fc.constant({}), { nil: undefined }) }
const people = fc.array(person, { maxLength: 2 })

const viewFacts = {
  edition: arbitraryOf(Edition),
  admin: fc.boolean(),
  tickets: fc.boolean(),
}

/** What the front door adds before a request is decided. */
const completed: Completed = {
  SendMessage: fc.record({ message: fc.record({ messageId: ids }), ...leaving }),
  AddComment: fc.record({ commentId: ids, ...leaving }),
  Forward: fc.record({
    ...leaving,
    to: people,
    message: fc.record({ messageId: ids }),
    facts: fc.record({
      latestEmail: fc.option(fc.record({ messageId: ids, hidden: fc.boolean() }), {
        nil: undefined,
      }),
    }),
  }),
  SendTranscript: fc.record({ transcriptId: ids, to: people, ...leaving }),
  SwitchReplyChannel: fc.record({ to: fc.option(person, { nil: undefined }) }),
  CallContact: fc.record({ callId: ids }),
  Assign: facts({ ownerSituation: situations }),
  HandOff: facts({ ownerSituation: situations }),
  HideMessage: facts({ edition: arbitraryOf(Edition) }),
  MarkRead: facts({ inbound: fc.option(fc.nat({ max: 5 }), { nil: undefined }) }),
  MarkUnread: facts({ inbound: fc.option(fc.nat({ max: 5 }), { nil: undefined }) }),
  MoveToInbox: facts({ edition: arbitraryOf(Edition) }),
  AddParticipant: fc.record({ participant: arbitraryOf(CorrespondentToSeal) }),
  UnhideMessage: facts({ superAdmin: fc.boolean(), removed: fc.boolean() }),
  CreateTicket: fc.record({ request: ids, facts: fc.record({ inInbox: fc.boolean() }) }),
  CreateDeal: fc.record({ request: ids }),
  CreateContact: fc.record({ contactId: ids, key: ids }),
  AddIdentity: fc.record({ identity: ids, address: fc.constant(toSeal('ada@example.com')) }),
  AddUser: fc.record({ key: ids }),
  CreateView: facts({ ...viewFacts, zone: fc.constantFrom('UTC', 'Europe/Berlin') }),
  ChangeView: facts(viewFacts),
  DeleteView: facts(viewFacts),
}

/** Requests that the front door makes other commands of: no stream decides them. */
const notDecided: ReadonlySet<string> = new Set(['Compose', 'CountWork', 'LogSentMail', 'Route'])

const merged = (
  request: Record<string, unknown>,
  more: Record<string, unknown>,
): Record<string, unknown> => ({
  ...request,
  ...more,
  ...(more['message'] !== undefined && {
    message: { ...(request['message'] as object), ...(more['message'] as object) },
  }),
})

const commandsOf = (requests: readonly t.Mixed[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    ...requests
      .filter(({ name }) => !notDecided.has(name))
      .map((codec) =>
        fc
          .tuple(
            arbitraryOf(codec as t.Type<Record<string, unknown>>),
            completed[codec.name] ?? fc.constant({}),
          )
          .map(([request, more]) => merged(request, more)),
      ),
  )

/** Requests name a sender in plain text, or a conversation; commands do not. */
const senderPolicyCommands: fc.Arbitrary<SenderPolicyCommand> = fc.record({
  type: fc.constantFrom(
    'BlockSender',
    'UnblockSender',
    'AllowSender',
    'DenySender',
    'ClearSender',
    'ForgetSender',
  ),
  policy: ids,
  key: ids,
  kind: arbitraryOf(IdentityKind),
  scope: arbitraryOf(SenderScope),
  sender: fc.constant(toSeal('ada@example.com')),
  actor: actors,
})

/** Commands as they are decided, not yet stamped. */
export const commands = perKind((name) =>
  name === 'senderPolicy'
    ? senderPolicyCommands
    : commandsOf([...kinds[name].requests, ...kinds[name].inner]),
) as { readonly [K in KindName]: fc.Arbitrary<Unstamped<CommandOfKind<K>>> }

const outside = names.flatMap((name): readonly t.Mixed[] => kinds[name].requests)

/** Requests as a host's program makes them, what is private in boxes. */
export const requests: fc.Arbitrary<unknown> = fc.oneof(...outside.map(arbitraryOf))
