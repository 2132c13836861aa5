/** A `bytea` as the server writes it: `\x`, then two digits a byte. */
export const bytesOf = (text: string | null | undefined): Uint8Array =>
  Uint8Array.from(Buffer.from((text ?? '').slice(2), 'hex'))
