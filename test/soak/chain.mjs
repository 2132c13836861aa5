/** A row for each stream that no lost, doubled or exchanged event leaves as it should be. */
import { createHash } from 'node:crypto'

const NONE = ''

/** @type {import('@threadbook/sourcing').Rows} */
export const chain = {
  name: 'chain',
  version: 1,
  table: {
    name: 'chain',
    columns: { count: 'number', parity: 'text' },
    indexes: [{ name: 'chain_by_count', columns: ['count'] }],
  },
  categories: ['soak'],
  on: {
    Soaked: (row, { id, revision }) => {
      const before = row === undefined ? NONE : String(row['hash'])
      const next = {
        count: Number(row?.['count'] ?? 0) + 1,
        parity: revision % 2 === 0 ? 'even' : 'odd',
        hash: createHash('sha256')
          .update(`${before} ${String(revision)} ${id}`)
          .digest('base64'),
      }
      if (row === undefined) return next
      Object.assign(row, next)
      return undefined
    },
  },
  counters: (row) => ['streams', `parity/${String(row['parity'])}`],
}
