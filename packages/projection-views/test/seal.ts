/** Seals as the command handling does: AES-256-GCM, bound to the event's id and the field's path. */
import { createCipheriv, createHash } from 'node:crypto'
import type { Sealed } from '@threadbook/sourcing'

class Plain {
  constructor(readonly value: unknown) {}
}

/** A value that `sealAll` seals. */
export const plain = <A>(value: A): Sealed<A> => new Plain(value) as Sealed<A>

export const keys: ReadonlyMap<string, Uint8Array> = new Map([['key', new Uint8Array(32).fill(7)]])

export const sealAll = (data: unknown, event: string, path: readonly string[] = []): unknown => {
  if (data instanceof Plain) {
    const place = `${event}/${path.join('.')}`
    // Not at random, so that equal stories have equal rows.
    const nonce = createHash('sha256').update(place).digest().subarray(0, 12)
    const cipher = createCipheriv('aes-256-gcm', keys.get('key')!, nonce)
    cipher.setAAD(Buffer.from(place))
    const body = [cipher.update(JSON.stringify(data.value)), cipher.final(), cipher.getAuthTag()]
    return { k: 'key', n: nonce.toString('base64'), c: Buffer.concat(body).toString('base64') }
  }
  if (typeof data !== 'object' || data === null) return data
  const entries = Object.entries(data).map(([name, value]) => [
    name,
    sealAll(value, event, [...path, name]),
  ])
  return Array.isArray(data) ? entries.map(([, value]) => value) : Object.fromEntries(entries)
}
