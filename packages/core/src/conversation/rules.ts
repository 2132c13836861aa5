/** Small questions that decisions on a conversation ask. Pure, and each under its rule's number. */
import type { IsoTime } from '@threadbook/sourcing'
import type { ReceiveMessage } from './commands.js'
import type { Present } from './state.js'

const BOT_PATIENCE_MS = 30 * 60_000

/**
 * S-087, D-12: from when a conversation may be closed that its bot has not handed off; undefined
 * where nothing hinders. Counts from the visitor's last message, from the start where only the bot
 * has spoken (D-26).
 */
export const closableFrom = ({
  handler,
  lastInboundAt,
  startedAt,
}: Present): IsoTime | undefined =>
  handler.kind === 'bot'
    ? new Date(Date.parse(lastInboundAt ?? startedAt) + BOT_PATIENCE_MS).toISOString()
    : undefined

/** Whether a message is from somebody who joins: neither the contact nor known to take part. */
export const isNewParticipant = ({ from }: ReceiveMessage, state: Present): boolean =>
  from.identity !== state.correspondent &&
  (from.contact === undefined || from.contact !== state.contact) &&
  !state.participants.has(from.identity)

/** A bounce is never inbound (D-21). What joins spam is part of it, whatever its verdict. */
export const isWanted = ({ mailClass, spam }: ReceiveMessage, state: Present): boolean =>
  mailClass !== 'bounce' && (spam === undefined || state.spam !== undefined)

/** D-22: late mail reopens only if it is dated after the closing. */
export const reopens = (at: IsoTime, { closed }: Present): boolean =>
  closed !== undefined && at > closed.at
