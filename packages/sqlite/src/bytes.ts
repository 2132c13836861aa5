/** The driver's buffers as what the ports promise: a Buffer would not equal a Uint8Array. */
export const bytesOf = (buffer: Buffer): Uint8Array =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
