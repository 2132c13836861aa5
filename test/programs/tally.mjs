/** Counts what it is told of, so that a lost or doubled event shows in its row. */

/** @type {import('@threadbook/sourcing').Rows} */
export const tally = {
  name: 'tally',
  version: 1,
  table: { name: 'tally', columns: { count: 'number' }, indexes: [] },
  categories: ['note'],
  on: {
    Put: (row, { id }) => {
      if (row === undefined) return { count: 1, ids: [id] }
      row['count'] = Number(row['count']) + 1
      const ids = /** @type {string[]} */ (row['ids'])
      ids.push(id)
      return undefined
    },
  },
  counters: () => ['all'],
}
