/** Event ids are UUIDs in lower case, kept as 16 bytes: half the size of their text, in every index. */

// Bound values are copied by the driver at once, so one buffer does for all.
const scratch = Buffer.alloc(16)

/** Good until the next call. */
export const idBytes = (id: string): Buffer => {
  scratch.write(
    id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24),
    'hex',
  )
  return scratch
}

export const idText = (bytes: Buffer): string => {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
