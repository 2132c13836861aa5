/** Event ids are UUIDs in lower case, kept as 16 bytes: half the size of their text, in every index. */

import { ROWS_AT_ONCE } from './inserting.js'

// Bound values are copied by the driver at once, so a few buffers do for all.
const scratch = Array.from({ length: ROWS_AT_ONCE }, () => Buffer.alloc(16))
let used = 0

/** Good for as long as the ids of one statement need it. */
export const idBytes = (id: string): Buffer => {
  const bytes = scratch[used++ % scratch.length]!
  bytes.write(
    id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24),
    'hex',
  )
  return bytes
}

/**
 * An SQL expression for the text of an id in a column. Written by SQLite, for a Buffer and its text
 * cost as much as reading all the rest of an event.
 */
export const idTextOf = (column: string): string => {
  const parts = [
    [1, 8],
    [9, 4],
    [13, 4],
    [17, 4],
    [21, 12],
  ].map(([from, length]) => `substr(hex(${column}), ${String(from)}, ${String(length)})`)
  return `lower(${parts.join(" || '-' || ")})`
}
