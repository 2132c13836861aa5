/** What the clock does to conversations besides purging them: waking, and forgetting the blocked. */
import { conversations, forgetBlockedMessages, purge, wake } from '@threadbook/core'
import { dueQuery, type DueRequest } from '@threadbook/projection-views'
import type { IsoTime } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'
import type { Door } from './door.js'
import { carryOut } from './execute.js'
import { answer } from './fault.js'
import { timesOf } from './times.js'
import { rows } from './list-items.js'

const TICKS = '0d5a8a4e-0c57-4c39-8f0e-4f2b7f3d9a16'
const AT_ONCE = 200

/** Does `act` to all that is due, until nothing more is done. The act answers whether it was. */
const forEachDue = async (
  { adapters, account }: Door,
  due: Pick<DueRequest, 'because' | 'until'>,
  act: (conversationId: string) => Promise<boolean>,
): Promise<readonly string[]> => {
  const acted = new Set<string>()
  for (;;) {
    const query = dueQuery({ account, ...due, limit: AT_ONCE })
    const found = await answer(adapters.readModels.find(rows, query))
    const before = acted.size
    // What is found again was done already: its row is a moment behind.
    for (const { key } of found) if (!acted.has(key) && (await act(key))) acted.add(key)
    if (acted.size === before) return [...acted]
  }
}

/** Wakes what was snoozed until `now` or earlier; answers with their ids. */
export const wakeDue = (door: Door, now: IsoTime): Promise<readonly string[]> =>
  forEachDue(door, { because: 'snooze', until: now }, async (conversationId) => {
    // Refused: it was woken, or snoozed anew, a moment ago.
    const woken = await carryOut(door, wake({ conversationId, actor: 'system' }))
    return E.isRight(woken) && woken.right.receipts.some(({ outcome }) => outcome === 'accepted')
  })

/**
 * Forgets what blocked visitors wrote until then (D-25). A conversation that holds nothing else is
 * purged with it.
 */
export const forgetBlockedDue = async (door: Door, until: IsoTime): Promise<void> => {
  await forEachDue(door, { because: 'blocked', until }, async (conversationId) => {
    const times = timesOf(door)
    const context = {
      account: door.account,
      actor: 'system',
      commandId: v5(`forget/${conversationId}/${until}`, TICKS),
    }
    const forgotten = await door.commands.transact(context, (transaction) =>
      transaction.decide(conversations, conversationId, {
        ...forgetBlockedMessages({ conversationId, until, actor: 'system' }),
        ...times,
      }),
    )
    if (E.isLeft(forgotten) || forgotten.right.value === 0) return false
    // Refused where somebody else wrote in it, too.
    await carryOut(door, purge({ conversationId, actor: 'system' }))
    return true
  })
}
