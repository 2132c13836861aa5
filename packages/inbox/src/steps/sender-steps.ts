/** Requests about senders: blocked, allowed, denied (D-08, D-20). */
import {
  about,
  markAsSpam,
  senderPolicies,
  type IdentityKind,
  type InvalidCommand,
  type SenderPolicyRequest,
  type SenderScope,
} from '@threadbook/core'
import { filters } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../fault.js'
import { firstCorrespondent } from '../first-correspondent.js'
import { policyOf } from '../people.js'
import { rows } from '../views.js'
import { deleteTicketsOf } from './record-steps.js'
import {
  onConversation,
  presentConversation,
  withIds,
  type Answer,
  type Asked,
  type NoSender,
  type Step,
  type Steps,
} from './step.js'

interface NamedSender {
  readonly kind: IdentityKind
  readonly scope: SenderScope
  readonly sender: string
}

/** Whom a request about a sender means: the one it names, or the conversation's contact. */
const senderOf = async (
  request: Partial<NamedSender> & { readonly conversationId?: string },
  { door }: Step,
): Promise<E.Either<NoSender | InvalidCommand, NamedSender>> => {
  const { conversationId, sender, kind, scope } = request
  if (sender !== undefined)
    return E.right({ kind: kind ?? 'email', scope: scope ?? 'address', sender })
  if (conversationId === undefined)
    return E.left({
      type: 'InvalidCommand',
      field: 'sender',
      expected: 'a sender or a conversationId',
      found: 'missing',
    })
  const found = await firstCorrespondent(door, conversationId)
  return found === undefined
    ? E.left({ type: 'NoSender', conversationId })
    : E.right({ kind: found.kind, scope: 'address', sender: found.person.address })
}

const onPolicy = async (
  request: Asked<'AllowSender' | 'DenySender' | 'BlockSender'>,
  named: NamedSender,
  { transaction, times, mac }: Step,
): Answer => {
  const policy = policyOf(mac, named.kind, named.scope, named.sender)
  const { type, actor } = request
  const { key } = await transaction.load(senderPolicies, policy)
  const { kind, scope, sender } = named
  const whom = about({ kind, scope, sender }, key ?? (await transaction.freshKey()))
  const conversation = 'conversationId' in request ? request.conversationId : undefined
  return withIds({})(
    await transaction.decide(senderPolicies, policy, {
      type,
      actor,
      policy,
      ...whom,
      ...(type === 'BlockSender' && conversation !== undefined && { conversation }),
      ...times,
    }),
  )
}

const liftPolicy = async (
  { type, actor }: Asked<'UnblockSender' | 'ClearSender' | 'ForgetSender'>,
  named: NamedSender,
  { transaction, times, mac }: Step,
): Answer => {
  const policy = policyOf(mac, named.kind, named.scope, named.sender)
  return withIds({})(
    await transaction.decide(senderPolicies, policy, { type, actor, policy, ...times }),
  )
}

/** D-08: the sender's other open conversations. */
const othersOfContact = async (contact: string, { door }: Step): Promise<readonly string[]> => {
  const { and, is } = filters
  const found = await answer(
    door.adapters.readModels.find(rows, {
      where: and(
        is('account', door.account),
        is('contact', contact),
        is('status', 'open'),
        is('spam', false),
        is('trashed', false),
        is('merged', false),
      ),
      order: { column: 'lastMessageAt', direction: 'descending' },
      limit: 1_000,
    }),
  )
  return found.map(({ key }) => key)
}

const block = async (request: Asked<'BlockSender'>, step: Step): Answer => {
  const named = await senderOf(request, step)
  if (E.isLeft(named)) return named
  const { conversationId, includeExisting, actor } = request
  const blocked = await onPolicy(request, named.right, step)
  if (E.isLeft(blocked) || conversationId === undefined) return blocked
  const others = new Set([conversationId])
  const contact = (await presentConversation(conversationId, step))?.contact
  if (includeExisting === true && contact !== undefined)
    for (const other of await othersOfContact(contact, step)) others.add(other)
  for (const id of others) {
    const marked = await onConversation(
      markAsSpam({ conversationId: id, cause: 'blockedSender', actor }),
      step,
    )
    if (E.isLeft(marked)) {
      if (id === conversationId) return marked
      continue
    }
    const deleted = await deleteTicketsOf(id, actor, step)
    if (E.isLeft(deleted)) return deleted
  }
  return E.right({ conversationId })
}

export const senderSteps: Steps<SenderPolicyRequest['type']> = {
  BlockSender: block,
  UnblockSender: async (request, step) => {
    const named = await senderOf(request, step)
    return E.isLeft(named) ? named : liftPolicy(request, named.right, step)
  },
  AllowSender: (request, step) => onPolicy(request, request, step),
  DenySender: (request, step) => onPolicy(request, request, step),
  ClearSender: (request, step) => liftPolicy(request, request, step),
  ForgetSender: (request, step) => liftPolicy(request, request, step),
}
