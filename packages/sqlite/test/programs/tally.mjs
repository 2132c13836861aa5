/** What the rows of `acknowledge` are made by. Nothing here may differ from one run to the next. */

/** @type {import('@threadbook/sourcing').Rows} */
export const tally = {
  name: 'tally',
  version: 1,
  table: {
    name: 'tally',
    columns: { count: 'number' },
    indexes: [{ name: 'by_count', columns: ['count'] }],
  },
  categories: ['note'],
  on: {
    Put: (row, event) => {
      if (row === undefined) return { count: 1, ids: [event.id] }
      row['count'] = Number(row['count']) + 1
      const ids = /** @type {string[]} */ (row['ids'])
      row['ids'] = [...ids, event.id]
      return undefined
    },
  },
  counters: () => ['all'],
}
