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

/** An id in a column as `idText` takes it: SQLite writes digits for less than a Buffer costs. */
export const idHex = (column: string): string => `lower(hex(${column}))`

export const idText = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
