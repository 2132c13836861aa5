/**
 * What a screen offers, as data: each action as the request that it would ask for. Whether it is
 * allowed is answered by whoever decides such requests, so that a screen and the answer agree.
 */
import type { IsoTime } from '@threadbook/sourcing'
import {
  addLabel,
  assign,
  associateContact,
  callContact,
  close,
  comment,
  createDeal,
  createTicket,
  disassociateContact,
  forward,
  hideMessage,
  markAsSpam,
  moveToInbox,
  purge,
  reopen,
  reply,
  restore,
  retryDelivery,
  sendTranscript,
  snooze,
  switchReplyChannel,
  trash,
  unassign,
  unhideMessage,
  unmarkAsSpam,
  unmerge,
  wake,
} from './conversation/index.js'
import type { Request } from './decode.js'
import { blockSender, unblockSender } from './sender-policy/index.js'
import type { Actor, Owner } from './vocabulary.js'

/** Where an action asks for more than who and what, any value stands for the one a person will choose. */
export interface ActionOn {
  readonly conversationId: string
  readonly actor: Actor
  readonly now: IsoTime
  /** Whom it would be assigned to: who looks. */
  readonly owner: Owner
  /** Another inbox, to move it to. */
  readonly inbox: string
  /** The message it is about; for a conversation, its most recent e-mail. */
  readonly messageId: string
  readonly contact: string
}

const DAY_MS = 86_400_000
const someone = { address: 'someone@example.com' }
const text = '…'

type Action = (on: ActionOn) => Request
const actions = <K extends string>(table: Record<K, Action>): Readonly<Record<K, Action>> => table

/** The thread's buttons, and those of its More menu (S-077, S-084…S-087). */
export const conversationActions = actions({
  reply: ({ conversationId, actor }) => reply({ conversationId, text, actor }),
  comment: ({ conversationId, actor }) => comment({ conversationId, text, actor }),
  assign: ({ conversationId, owner, actor }) => assign({ conversationId, owner, actor }),
  unassign: ({ conversationId, actor }) => unassign({ conversationId, actor }),
  close: ({ conversationId, actor }) => close({ conversationId, actor }),
  reopen: ({ conversationId, actor }) => reopen({ conversationId, actor }),
  snooze: ({ conversationId, actor, now }) =>
    snooze({ conversationId, until: new Date(Date.parse(now) + DAY_MS).toISOString(), actor }),
  wake: ({ conversationId, actor }) => wake({ conversationId, actor }),
  trash: ({ conversationId, actor }) => trash({ conversationId, actor }),
  restore: ({ conversationId, actor }) => restore({ conversationId, actor }),
  deletePermanently: ({ conversationId, actor }) => purge({ conversationId, actor }),
  markAsSpam: ({ conversationId, actor }) => markAsSpam({ conversationId, actor }),
  unmarkAsSpam: ({ conversationId, actor }) => unmarkAsSpam({ conversationId, actor }),
  blockSender: ({ conversationId, actor }) => blockSender({ conversationId, actor }),
  unblockSender: ({ conversationId, actor }) => unblockSender({ conversationId, actor }),
  forward: ({ conversationId, messageId, actor }) =>
    forward({ conversationId, forwarded: messageId, to: [someone], text, actor }),
  sendTranscript: ({ conversationId, actor }) =>
    sendTranscript({ conversationId, to: [someone], actor }),
  switchToEmail: ({ conversationId, actor }) =>
    switchReplyChannel({ conversationId, channel: 'email', to: someone, actor }),
  call: ({ conversationId, actor }) => callContact({ conversationId, number: text, actor }),
  moveToInbox: ({ conversationId, inbox, actor }) => moveToInbox({ conversationId, inbox, actor }),
  unmerge: ({ conversationId, actor }) => unmerge({ conversationId, actor }),
  addLabel: ({ conversationId, actor }) => addLabel({ conversationId, label: text, actor }),
  associateContact: ({ conversationId, contact, actor }) =>
    associateContact({ conversationId, contact, actor }),
  disassociateContact: ({ conversationId, actor }) =>
    disassociateContact({ conversationId, actor }),
  createTicket: ({ conversationId, actor }) => createTicket({ conversationId, name: text, actor }),
  createDeal: ({ conversationId, actor }) => createDeal({ conversationId, name: text, actor }),
})
export type ConversationAction = keyof typeof conversationActions

/** One message's own (S-084, S-093, S-096). */
export const messageActions = actions({
  hide: ({ conversationId, messageId, actor }) => hideMessage({ conversationId, messageId, actor }),
  unhide: ({ conversationId, messageId, actor }) =>
    unhideMessage({ conversationId, messageId, actor }),
  forward: conversationActions.forward,
  sendAgain: ({ conversationId, messageId, actor }) =>
    retryDelivery({ conversationId, messageId, actor }),
})
export type MessageAction = keyof typeof messageActions

/** Of a selection of several conversations; only these two (S-089). */
export const selectionActions = actions({
  trash: conversationActions.trash,
  close: conversationActions.close,
})
export type SelectionAction = keyof typeof selectionActions

/** From when on what is refused now would be allowed, where time decides (S-087). */
export const allowedFrom = (refusal: { readonly type: string }): IsoTime | undefined => {
  const { closableFrom } = refusal as { readonly closableFrom?: unknown }
  return refusal.type === 'BotStillTalking' && typeof closableFrom === 'string'
    ? closableFrom
    : undefined
}
