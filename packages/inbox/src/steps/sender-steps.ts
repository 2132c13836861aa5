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
import { contactOf, identityOf, policyOf } from '../people.js'
import { rows } from '../list-items.js'
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
  /** As the conversation has it, where it was found there. */
  readonly identity?: string
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
    : E.right({
        kind: found.kind,
        scope: 'address',
        sender: found.person.address,
        identity: found.identity,
      })
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

/** D-08: the open conversations of the sender's contact; of a whole domain they are not looked for. */
const openOfContact = async (contact: string, { door }: Step): Promise<readonly string[]> => {
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

/** The keyed hash of whom a conversation is with, and of whom a request means. */
const identityIn = ({ kind, scope, sender, identity }: NamedSender, { mac }: Step) =>
  scope === 'domain' ? undefined : (identity ?? identityOf(mac, kind, sender))

/**
 * D-25: whether the conversation is with the sender. With somebody who only takes part, it goes on,
 * and what they write from now on is filtered.
 */
const isWith = async (conversationId: string, named: NamedSender, step: Step): Promise<boolean> => {
  const identity = identityIn(named, step)
  if (identity !== undefined) {
    const state = await presentConversation(conversationId, step)
    if (state === undefined || state.correspondent === identity) return state !== undefined
    const { contact } = state
    // The same person, who writes under another address now.
    return (
      contact !== undefined && (await contactOf(step.transaction, identity))?.contact === contact
    )
  }
  const found = await firstCorrespondent(step.door, conversationId)
  const domain = found?.person.address.split('@').at(-1)?.toLowerCase()
  return found?.kind === named.kind && domain === named.sender.trim().toLowerCase()
}

/** The conversations that are filtered with their sender: the one at hand, and if asked the others. */
const toFilter = async (
  { conversationId, includeExisting }: Asked<'BlockSender'>,
  named: NamedSender,
  step: Step,
): Promise<ReadonlySet<string>> => {
  const found = new Set<string>()
  if (conversationId !== undefined && (await isWith(conversationId, named, step)))
    found.add(conversationId)
  const identity = identityIn(named, step)
  if (includeExisting !== true || identity === undefined) return found
  const atHand =
    conversationId === undefined ? undefined : await presentConversation(conversationId, step)
  const own = atHand?.correspondent === identity ? atHand.contact : undefined
  const contact = own ?? (await contactOf(step.transaction, identity))?.contact
  if (contact === undefined) return found
  for (const id of await openOfContact(contact, step))
    if ((await presentConversation(id, step))?.correspondent === identity) found.add(id)
  return found
}

const block = async (request: Asked<'BlockSender'>, step: Step): Answer => {
  const named = await senderOf(request, step)
  if (E.isLeft(named)) return named
  const { conversationId, actor } = request
  const about = await toFilter(request, named.right, step)
  const blocked = await onPolicy(request, named.right, step)
  if (E.isLeft(blocked)) return blocked
  for (const id of about) {
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
  return E.right(conversationId === undefined ? {} : { conversationId })
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
