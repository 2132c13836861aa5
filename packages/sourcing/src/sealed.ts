/**
 * Sealed fields: what could identify or embarrass a person is stored as ciphertext under a key of
 * the vault. Deciders and folds pass sealed values on without being able to look inside.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import * as t from 'io-ts'
import { randomDraws } from './random-draws.js'
import type { KeyId } from './vault.js'

declare const content: unique symbol

/** A value of type A that only a key opens. */
export interface Sealed<A> {
  readonly [content]?: A
}

/** As stored: key id, nonce, ciphertext with its tag (both base64). */
export interface SealedData {
  readonly k: KeyId
  readonly n: string
  readonly c: string
}

/** A sealed field copied out of its event: it needs the event's id and its path to be opened. */
export interface SealedCopy<A> extends SealedData {
  readonly [content]?: A
  /** The event it was sealed in. */
  readonly e: string
  /** Where it stood in the event's data, as `from.name`. */
  readonly p: string
}

/** What a sealed value reads as once its key is gone. */
export interface Erased {
  readonly erased: true
}
export const erased: Erased = { erased: true }
export const isErased = (value: unknown): value is Erased =>
  typeof value === 'object' && value !== null && (value as Partial<Erased>).erased === true

/** A value on its way to be sealed. Nothing can be read from it, and it refuses to be stored. */
class ToSeal<A> implements Sealed<A> {
  declare readonly [content]?: A
  readonly #value: A
  /** `stream`: the key of the stream that the event goes to. */
  readonly key: KeyId | 'stream'
  constructor(value: A, key: KeyId | 'stream') {
    this.#value = value
    this.key = key
  }
  toJSON(): never {
    throw new Error('a value to be sealed was about to be stored as it is')
  }
  static plaintext(box: ToSeal<unknown>): string {
    return JSON.stringify(box.#value)
  }
}

/** Marks a value as one to be sealed, under its stream's own key unless another is named. */
export const toSeal = <A>(value: A, key: KeyId | 'stream' = 'stream'): Sealed<A> =>
  new ToSeal(value, key)

export const isSealedData = (value: unknown): value is SealedData => {
  if (typeof value !== 'object' || value === null) return false
  const { k, n, c } = value as Partial<SealedData>
  return typeof k === 'string' && typeof n === 'string' && typeof c === 'string'
}

/** The codec of a sealed field. What is inside is checked where the value is made. */
export const sealed = <A>(name = 'Sealed'): t.Type<Sealed<A>> => {
  const is = (value: unknown): value is Sealed<A> => isSealedData(value) || value instanceof ToSeal
  return new t.Type(name, is, (u, c) => (is(u) ? t.success(u) : t.failure(u, c)), t.identity)
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

const nextNonce = randomDraws(NONCE_BYTES, 512)

const place = (eventId: string, path: string): Buffer => Buffer.from(`${eventId}/${path}`)

const sealText = (key: Uint8Array, text: string, aad: Buffer): { n: string; c: string } => {
  const nonce = nextNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(aad)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { n: nonce.toString('base64'), c: body.toString('base64') }
}

export interface Key {
  readonly id: KeyId
  readonly bytes: Uint8Array
}

/** The keys that the values to be sealed in an event's data name. */
export const keysToSealWith = (
  data: unknown,
  found = new Set<KeyId | 'stream'>(),
): ReadonlySet<KeyId | 'stream'> => {
  if (data instanceof ToSeal) found.add(data.key)
  else if (typeof data === 'object' && data !== null)
    for (const value of Object.values(data)) keysToSealWith(value, found)
  return found
}

/**
 * An event's data with every value to be sealed put under its key, bound to the event's id and to
 * the value's path. Throws where `keyOf` does not know a key: sealing is never skipped.
 */
export const sealData = (
  data: unknown,
  eventId: string,
  keyOf: (key: KeyId | 'stream') => Key,
  path = '',
): unknown => {
  if (data instanceof ToSeal) {
    const key = keyOf(data.key)
    return { k: key.id, ...sealText(key.bytes, ToSeal.plaintext(data), place(eventId, path)) }
  }
  if (typeof data !== 'object' || data === null) return data
  const below = path === '' ? '' : `${path}.`
  const sealIn = (name: string, value: unknown): unknown =>
    typeof value === 'object' ? sealData(value, eventId, keyOf, below + name) : value
  if (Array.isArray(data)) return data.map((value, index) => sealIn(String(index), value))
  const entries = Object.entries(data)
  for (const entry of entries) entry[1] = sealIn(...entry)
  // Not by assignment: a field may be called `__proto__`.
  return Object.fromEntries(entries)
}

/** Takes a sealed field out of its event, with what it needs to be opened elsewhere. */
export const copySealed = <A>(value: Sealed<A>, eventId: string, path: string): SealedCopy<A> => {
  if (!isSealedData(value)) throw new Error(`${path}: expected a sealed value as it is stored`)
  return { k: value.k, n: value.n, c: value.c, e: eventId, p: path }
}

/**
 * Opens a copy. Erased where its key is gone; throws where key or place are not those it was
 * sealed with: it was moved or changed.
 */
export const unseal = <A>(
  copy: SealedCopy<A>,
  keys: ReadonlyMap<KeyId, Uint8Array>,
): A | Erased => {
  const key = keys.get(copy.k)
  if (key === undefined) return erased
  const body = Buffer.from(copy.c, 'base64')
  const nonce = Buffer.from(copy.n, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(place(copy.e, copy.p))
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES))
  const text = decipher.update(body.subarray(0, body.length - TAG_BYTES))
  decipher.final() // throws where it was changed
  return JSON.parse(text.toString()) as A
}

/** What a cipher gives out at a time: it makes a buffer of its own for each. */
const SLICE_BYTES = 64 * 1024

/** Bytes (an attachment) sealed under a key and bound to their id: nonce, ciphertext, tag. */
export const sealBytes = (bytes: Uint8Array, id: string, key: Uint8Array): Uint8Array => {
  const nonce = nextNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(id))
  const sealed = new Uint8Array(NONCE_BYTES + bytes.length + TAG_BYTES)
  sealed.set(nonce)
  for (let at = 0; at < bytes.length; at += SLICE_BYTES)
    sealed.set(cipher.update(bytes.subarray(at, at + SLICE_BYTES)), NONCE_BYTES + at)
  cipher.final()
  sealed.set(cipher.getAuthTag(), NONCE_BYTES + bytes.length)
  return sealed
}

/** The reverse of `sealBytes`; throws where they are not the bytes sealed under this id and key. */
export const unsealBytes = (sealedBytes: Uint8Array, id: string, key: Uint8Array): Uint8Array => {
  const body = Buffer.from(sealedBytes.buffer, sealedBytes.byteOffset, sealedBytes.byteLength)
  const nonce = body.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(id))
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES))
  const inner = body.subarray(NONCE_BYTES, body.length - TAG_BYTES)
  return Buffer.concat([decipher.update(inner), decipher.final()])
}
