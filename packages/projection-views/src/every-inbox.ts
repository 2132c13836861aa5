import { columnText, compareText, filters, type Filter } from '@threadbook/sourcing'

const { and, is } = filters

const than = (operator: 'lessThan' | 'greaterThan', value: string): Filter => ({
  attribute: 'inbox',
  operator,
  value,
})

/**
 * Filters of which just one holds for any conversation: it is in this inbox, or in that, or between
 * the two. None where no inbox is known. Each is a range of an index that begins with the inbox; those between are mostly empty.
 */
export const everyInbox = (known: readonly string[]): readonly Filter[] => {
  const ids = [...new Set(known.map(columnText))].sort(compareText)
  const last = ids.at(-1)
  if (last === undefined) return []
  const before = ids.map((id, index) => {
    const previous = ids[index - 1]
    return previous === undefined
      ? than('lessThan', id)
      : and(than('greaterThan', previous), than('lessThan', id))
  })
  return [...ids.map((id) => is('inbox', id)), ...before, than('greaterThan', last)]
}
