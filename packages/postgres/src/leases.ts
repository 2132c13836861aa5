/** Whose turn it is at what one process does at a time. */
import * as E from 'fp-ts/lib/Either.js'
import type { Lease, LeaseLost, LeaseRow, Leases } from '@threadbook/sourcing'
import type { Database } from './database.js'
import type { Statement } from './question.js'
import type { Door } from './door.js'
import type { Bind } from './filter-sql.js'

export const lost = ({ name }: Lease): E.Either<LeaseLost, never> =>
  E.left({ type: 'LeaseLost', lease: name })

/** One row as long as the lease is held, and it stays held until the transaction ends. */
export const held = (s: string, { name, holder }: Lease, bind: Bind): string =>
  `SELECT FROM ${s}.leases WHERE name = ${bind(name, 'text')} AND holder = ${bind(holder, 'text')} FOR KEY SHARE`

export const leasesOver = ({ run }: Database, s: string, task: Door['task']): Leases => {
  const moving = (
    name: string,
    from: LeaseRow | undefined,
    to: LeaseRow | undefined,
  ): Statement | undefined => {
    if (from === undefined)
      return (
        to && {
          text: `INSERT INTO ${s}.leases VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING name`,
          values: [name, to.holder, to.beat],
        }
      )
    const where = 'WHERE name = $1 AND holder = $2 AND beat = $3::bigint RETURNING name'
    const values = [name, from.holder, from.beat]
    if (to === undefined) return { text: `DELETE FROM ${s}.leases ${where}`, values }
    return to.holder === from.holder
      ? { text: `UPDATE ${s}.leases SET beat = $4 ${where}`, values: [...values, to.beat] }
      : {
          text: `UPDATE ${s}.leases SET holder = $4, beat = $5 ${where}`,
          values: [...values, to.holder, to.beat],
        }
  }

  return {
    readLeases: task(async () => {
      const rows = await run({ text: `SELECT name, holder, beat FROM ${s}.leases`, values: [] })
      return E.right(
        new Map(
          rows.map(([name, holder, beat]) => [name!, { holder: holder!, beat: Number(beat) }]),
        ),
      )
    }),
    moveLease: (name, from, to) =>
      task(async () => {
        const statement = moving(name, from, to)
        return E.right(statement === undefined || (await run(statement)).length > 0)
      }),
  }
}
