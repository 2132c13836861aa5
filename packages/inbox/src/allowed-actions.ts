/** What somebody may do now, asked of those who decide it: nothing is written. */
import {
  allowedFrom,
  conversationActions,
  conversations,
  latestEmail,
  messageActions,
  selectionActions,
  user,
  type ActionOn,
  type ConversationAction,
  type MessageAction,
  type NoAccess,
  type Request,
  type SelectionAction,
} from '@threadbook/core'
import type { CommandFault, IsoTime } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { conversationNotToBeSeen, inboxesSeen } from './access.js'
import type { Door } from './door.js'
import { dryRun } from './execute.js'
import { answering } from './fault.js'
import { stateOf } from './state-of.js'
import type { Refusal } from './steps/step.js'

export type Allowed =
  /** `changes` is false where it is so already, and doing it does nothing. */
  | { readonly allowed: true; readonly changes: boolean }
  | {
      readonly allowed: false
      readonly refusal: Refusal
      /** From when on it will be allowed, where only time is missing (S-087). */
      readonly from?: IsoTime
    }

/** What is asked about. A selection is answered conversation by conversation (S-089, D-07). */
export type ActionsAbout =
  | { readonly conversationId: string }
  | { readonly conversationId: string; readonly messageId: string }
  | { readonly conversationIds: readonly string[] }

export type ConversationActions = Readonly<Record<ConversationAction, Allowed>>
export type MessageActions = Readonly<Record<MessageAction, Allowed>>
/** By conversation. */
export type SelectionActions = ReadonlyMap<string, Readonly<Record<SelectionAction, Allowed>>>

type Actions<A> = Promise<E.Either<NoAccess | CommandFault, A>>

export interface AllowedActions {
  (
    viewer: string,
    about: { readonly conversationIds: readonly string[] },
  ): Actions<SelectionActions>
  (
    viewer: string,
    about: { readonly conversationId: string; readonly messageId: string },
  ): Actions<MessageActions>
  (viewer: string, about: { readonly conversationId: string }): Actions<ConversationActions>
}

/** Stands where there is none: what is asked of it is refused. */
const NONE = 'none'

const onFor = async (
  door: Door,
  viewer: string,
  conversationId: string,
  messageId: string | undefined,
): Promise<ActionOn> => {
  const state = await stateOf(door, conversations, conversationId)
  const present = state.situation === 'present' ? [state] : []
  const [{ inbox: here, contact, sources = new Set<string>() } = {}] = present
  const shown = [...present]
  for (const id of sources) {
    const source = await stateOf(door, conversations, id)
    if (source.situation === 'present') shown.push(source)
  }
  const elsewhere = (await inboxesSeen(door, undefined)).find(({ row }) => row.id !== here)
  return {
    conversationId,
    actor: user(viewer),
    now: door.now(),
    owner: user(viewer),
    inbox: elsewhere?.row.id ?? NONE,
    messageId: messageId ?? latestEmail(shown)?.messageId ?? NONE,
    contact: contact ?? NONE,
  }
}

const allowed = async (door: Door, request: Request): Promise<Allowed> => {
  const answered = await dryRun(door, request)
  if (E.isRight(answered)) return { allowed: true, changes: answered.right }
  const refusal = answered.left as Refusal
  const from = allowedFrom(refusal)
  return { allowed: false, refusal, ...(from !== undefined && { from }) }
}

const table = async <K extends string>(
  door: Door,
  actions: Readonly<Record<K, (on: ActionOn) => Request>>,
  on: ActionOn,
): Promise<Readonly<Record<K, Allowed>>> => {
  const answers: Partial<Record<K, Allowed>> = {}
  for (const name of Object.keys(actions) as K[])
    answers[name] = await allowed(door, actions[name](on))
  return answers as Record<K, Allowed>
}

/**
 * Each action with its refusal, as `execute` would answer it now. An action that asks for more (a
 * text, an address) is asked about with one that is in order.
 */
export const allowedActions = (door: Door): AllowedActions =>
  ((viewer: string, about: ActionsAbout): Actions<unknown> =>
    answering<NoAccess, unknown>(async () => {
      if ('conversationIds' in about) {
        const all = new Map<string, Readonly<Record<SelectionAction, Allowed>>>()
        for (const id of new Set(about.conversationIds)) {
          const unseen = await conversationNotToBeSeen(door, viewer, id)
          if (unseen !== undefined) return E.left(unseen)
          all.set(id, await table(door, selectionActions, await onFor(door, viewer, id, NONE)))
        }
        return E.right(all)
      }
      const { conversationId } = about
      const unseen = await conversationNotToBeSeen(door, viewer, conversationId)
      if (unseen !== undefined) return E.left(unseen)
      const messageId = 'messageId' in about ? about.messageId : undefined
      const on = await onFor(door, viewer, conversationId, messageId)
      return E.right(
        messageId === undefined
          ? await table(door, conversationActions, on)
          : await table(door, messageActions, on),
      )
    })) as AllowedActions
