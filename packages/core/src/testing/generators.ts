/** Any event and any command of each kind of stream. */
import { toSeal, type DomainEvent, type EventTypes } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import type * as t from 'io-ts'
import { accountRequests, accounts, type AccountCommand } from '../account/index.js'
import { contactRequests, contacts, type ContactCommand } from '../contact/index.js'
import {
  conversationRequests,
  conversations,
  type ConversationCommand,
} from '../conversation/index.js'
import { identityClaimRequests } from '../identity-claim/commands.js'
import { identityClaims, type IdentityClaimCommand } from '../identity-claim/index.js'
import { inboxes, inboxRequests, type InboxCommand } from '../inbox/index.js'
import { messageClaimRequests } from '../message-claim/commands.js'
import { messageClaims, type MessageClaimCommand } from '../message-claim/index.js'
import {
  senderPolicies,
  senderPolicyRequests,
  type SenderPolicyCommand,
} from '../sender-policy/index.js'
import { SenderScope } from '../sender-policy/events.js'
import { users, userRequests, type UserCommand } from '../user/index.js'
import { Edition, IdentityKind } from '../vocabulary.js'
import { actors, arbitraryOf, ids } from './arbitrary.js'

/** Any event of these types, as it is stored. */
const eventsOf = <E extends DomainEvent>({ byName }: EventTypes<E>): fc.Arbitrary<E> =>
  fc.oneof(
    ...[...byName.values()].map(({ type, data }) =>
      arbitraryOf(data).map((value) => ({ type, data: value }) as E),
    ),
  )

export const events = {
  conversation: eventsOf(conversations.events),
  message: eventsOf(messageClaims.events),
  identity: eventsOf(identityClaims.events),
  contact: eventsOf(contacts.events),
  user: eventsOf(users.events),
  account: eventsOf(accounts.events),
  inbox: eventsOf(inboxes.events),
  senderPolicy: eventsOf(senderPolicies.events),
}

type Completed = Readonly<Record<string, fc.Arbitrary<Record<string, unknown>>>>

const situations = fc.constantFrom('unknown', 'active', 'deactivated', 'removed')
const facts = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ facts: fc.record(fields) })

/** What the front door adds before a request is decided. */
const completed: Completed = {
  SendMessage: fc.record({ message: fc.record({ messageId: ids }) }),
  AddComment: fc.record({ commentId: ids }),
  Assign: facts({ ownerSituation: situations }),
  HandOff: facts({ ownerSituation: situations }),
  HideMessage: facts({ edition: arbitraryOf(Edition) }),
  UnhideMessage: facts({ superAdmin: fc.boolean(), removed: fc.boolean() }),
  CreateContact: fc.record({ contactId: ids, key: ids }),
  AddIdentity: fc.record({ identity: ids, address: fc.constant(toSeal('ada@example.com')) }),
  AddUser: fc.record({ key: ids }),
}

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

const commandsOf = <C>(requests: readonly t.Mixed[]): fc.Arbitrary<C> =>
  fc.oneof(
    ...requests
      .filter(({ name }) => name !== 'Compose')
      .map((codec) =>
        fc
          .tuple(
            arbitraryOf(codec as t.Type<Record<string, unknown>>),
            completed[codec.name] ?? fc.constant({}),
          )
          .map(([request, more]) => merged(request, more) as C),
      ),
  )

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

/** Asked for by nobody: the front door decides it beside a `MergeInto`. */
const absorb: fc.Arbitrary<ConversationCommand> = fc.record({
  type: fc.constant('Absorb' as const),
  conversationId: ids,
  source: ids,
  actor: actors,
})

/** Commands as they are decided, not yet stamped. */
export const commands = {
  conversation: fc.oneof(
    {
      weight: conversationRequests.length,
      arbitrary: commandsOf<ConversationCommand>(conversationRequests),
    },
    { weight: 1, arbitrary: absorb },
  ),
  message: commandsOf<MessageClaimCommand>(messageClaimRequests),
  identity: commandsOf<IdentityClaimCommand>(identityClaimRequests),
  contact: commandsOf<ContactCommand>(contactRequests),
  user: commandsOf<UserCommand>(userRequests),
  account: commandsOf<AccountCommand>(accountRequests),
  inbox: commandsOf<InboxCommand>(inboxRequests),
  senderPolicy: senderPolicyCommands,
}

const anyRequest: readonly t.Mixed[] = [
  ...conversationRequests,
  ...contactRequests,
  ...userRequests,
  ...accountRequests,
  ...inboxRequests,
  ...senderPolicyRequests,
]

/** Requests as a host's program makes them, what is private in boxes. */
export const requests: fc.Arbitrary<unknown> = fc.oneof(...anyRequest.map(arbitraryOf))
