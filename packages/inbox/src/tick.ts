/** What time brings about: retention clocks that run out, snoozes that end. */
import { accountDefaults, accounts, purge } from '@threadbook/core'
import { dueQuery } from '@threadbook/projection-views'
import type { CommandFault, IsoTime, Receipt, RowQuery } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'
import { deliverDue, loseUnanswered, type Delivered } from './delivery/deliver.js'
import type { Door } from './door.js'
import { carryOut } from './execute.js'
import { answer, answering } from './fault.js'
import { forget } from './forget.js'
import { eraseDeleted } from './tick-contacts.js'
import { forgetBlockedDue, wakeDue } from './tick-conversations.js'
import { rows } from './list-items.js'

export interface Ticked {
  /** Conversations deleted because their 30 days in Trash, or 90 in Spam, were over (D-06). */
  readonly purged: readonly string[]
  /** Contacts who were deleted 90 days ago (K-22). */
  readonly erased: readonly string[]
  /** Conversations whose snooze was over. */
  readonly woken: readonly string[]
  /** What was due to be handed over (again), and was tried. */
  readonly tried: readonly Delivered[]
  /** What was out without an answer for ten minutes, and is unknown now. */
  readonly undelivered: readonly Delivered[]
}

const TICKS = 'f4a3f0a2-93a5-4a0d-8c2f-6d1f2a0c7b55'
const AT_ONCE = 200
const DAY_MS = 86_400_000

const isNews = ({ outcome }: Receipt): boolean => outcome === 'accepted'

const daysBefore = (now: IsoTime, days: number): IsoTime =>
  new Date(Date.parse(now) - days * DAY_MS).toISOString()

/**
 * Does what is due at `now`, for this account. Time never runs by itself: the host calls this,
 * every few minutes say. Calling it twice does nothing twice; a day missed is made up for.
 */
export const tick = (door: Door, now: IsoTime): Promise<E.Either<CommandFault, Ticked>> =>
  answering(async () => {
    const read = await door.commands.read(door.account, accounts, door.account)
    if (E.isLeft(read)) return read
    const { retention } = read.right.situation === 'open' ? read.right : accountDefaults
    const clocks = [
      { because: 'trash', until: daysBefore(now, retention.trashDays) },
      { because: 'spam', until: daysBefore(now, retention.spamDays) },
    ] as const
    const purged: string[] = []
    for (const clock of clocks) {
      const query = dueQuery({ account: door.account, ...clock, limit: AT_ONCE })
      // Page by page, not from the start: rows that run behind still show what was purged just now.
      for (let after: RowQuery['after']; ;) {
        const due = await answer(door.adapters.readModels.find(rows, { ...query, after }))
        for (const { key: conversationId } of due) {
          const commandId = v5(`purge/${clock.because}/${conversationId}`, TICKS)
          const result = await carryOut(door, purge({ conversationId, actor: 'system', commandId }))
          // Refused: it was restored, or held, a moment ago.
          if (E.isRight(result) && result.right.receipts.some(isNews)) purged.push(conversationId)
        }
        const last = due.at(-1)
        if (last === undefined || due.length < AT_ONCE) break
        after = { value: last.row[query.order.column] as string, key: last.key }
      }
    }
    await forgetBlockedDue(door, daysBefore(now, retention.spamDays))
    const erased = await eraseDeleted(door, now)
    const woken = await wakeDue(door, now)
    const undelivered = await loseUnanswered(door, now)
    const tried = await deliverDue(door, now)
    const forgotten = await forget(door.adapters)
    if (E.isLeft(forgotten)) return forgotten
    return E.right({ purged, erased, woken, tried, undelivered })
  })
