import { eraseContact } from '@threadbook/core'
import type { RecordRow } from '@threadbook/projection-contact'
import { filters, type IsoTime, type RowQuery } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'
import type { Door } from './door.js'
import { carryOut } from './execute.js'
import { answer } from './fault.js'
import { records } from './timeline.js'

const ERASURES = '0b6d1f0c-58e1-4f39-9c0e-6a3a4a1f2d61'
const RESTORABLE_DAYS = 90
const DAY_MS = 86_400_000
const AT_ONCE = 200

const { and, is } = filters

/** K-22: what was deleted 90 days ago is erased for good; answers with who that was. */
export const eraseDeleted = async (door: Door, now: IsoTime): Promise<readonly string[]> => {
  const until = new Date(Date.parse(now) - RESTORABLE_DAYS * DAY_MS).toISOString()
  const erased: string[] = []
  for (let after: RowQuery['after']; ;) {
    const due = (await answer(
      door.adapters.readModels.find(records, {
        where: and(is('account', door.account), {
          attribute: 'deletedAt',
          operator: 'atMost',
          value: until,
        }),
        order: { column: 'deletedAt', direction: 'ascending' },
        after,
        limit: AT_ONCE,
      }),
    )) as unknown as readonly { readonly key: string; readonly row: RecordRow }[]
    for (const { row } of due) {
      const { id: contactId, deletedAt } = row
      const commandId = v5(`erase/${contactId}/${String(deletedAt)}`, ERASURES)
      const done = await carryOut(door, eraseContact({ contactId, actor: 'system', commandId }))
      if (E.isRight(done) && done.right.receipts.some(({ outcome }) => outcome === 'accepted'))
        erased.push(contactId)
    }
    const last = due.at(-1)
    if (last === undefined || due.length < AT_ONCE) return erased
    after = { value: last.row.deletedAt, key: last.key }
  }
}
