/**
 * Keys as a vault stores them: wrapped by a key-encryption key (KEK) that stays with the host, or
 * plain where it has none. What was wrapped opens under its own name only.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** 32 bytes, or the path of a file that holds them and nothing else. */
export type KeyEncryptionKey = Uint8Array | string

export interface KeyEncryption {
  /** Wraps every key that is stored. Without one, keys are stored plain. */
  readonly keyEncryptionKey?: KeyEncryptionKey | undefined
  /** What keys may be wrapped by as well, until they are rotated: for reading only. */
  readonly earlierKeyEncryptionKeys?: readonly KeyEncryptionKey[] | undefined
}

/** Made of the KEK itself, so that no two can be taken for each other: 16 hexadecimal digits. */
export type KeyEncryptionKeyId = string

export interface KeyWrapping {
  /** What new keys are wrapped by. */
  readonly id: KeyEncryptionKeyId
  /** The stored form of a key of 32 bytes. */
  readonly wrap: (name: string, key: Uint8Array) => Uint8Array
  /** Throws `Unwrappable` where it cannot be told what the key was. */
  readonly unwrap: (name: string, stored: Uint8Array) => Uint8Array
  /** Throws `Unwrappable` where one of these was not given. */
  readonly expect: (ids: Iterable<KeyEncryptionKeyId>) => void
  /** The same, with new keys wrapped by another. */
  readonly to: (next: KeyEncryptionKey) => KeyWrapping
}

export class Unwrappable extends Error {}

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const ID_BYTES = 8

// Stored for ever: id of the KEK, nonce, wrapped key, tag; of a plain key id and nonce are zeros, and
// the tag is a keyed hash of its name. All of one size, so that a key can be wrapped, wrapped anew or
// overwritten in the place where it stands.
const NONCE_AT = ID_BYTES
const KEY_AT = NONCE_AT + NONCE_BYTES
const TAG_AT = KEY_AT + KEY_BYTES
const STORED_BYTES = TAG_AT + TAG_BYTES

const plain: KeyEncryptionKeyId = '00'.repeat(ID_BYTES)

const viewOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** What a stored key is wrapped by; zeros where it is plain. */
export const wrappedBy = (stored: Uint8Array): KeyEncryptionKeyId =>
  viewOf(stored).toString('hex', 0, ID_BYTES)

const bytesOf = (kek: KeyEncryptionKey): Buffer => {
  const bytes = typeof kek === 'string' ? readFileSync(kek) : Buffer.from(kek)
  if (bytes.length === KEY_BYTES) return bytes
  const what = typeof kek === 'string' ? ` in ${kek}` : ''
  throw new Error(
    `key-encryption key${what}: expected ${String(KEY_BYTES)} bytes, found ${String(bytes.length)}`,
  )
}

const idOf = (kek: Buffer): KeyEncryptionKeyId =>
  createHmac('sha256', kek)
    .update('id of a key-encryption key')
    .digest('hex')
    .slice(0, 2 * ID_BYTES)

/** The id that a KEK is called by in messages. */
export const keyEncryptionKeyId = (kek: KeyEncryptionKey): KeyEncryptionKeyId => idOf(bytesOf(kek))

const plainTag = (name: string, key: Uint8Array): Buffer =>
  createHmac('sha256', key).update(name).digest().subarray(0, TAG_BYTES)

const wrapPlain = (name: string, key: Uint8Array): Buffer =>
  Buffer.concat([Buffer.alloc(KEY_AT), key, plainTag(name, key)])

const wrapWith = (kek: Buffer, id: KeyEncryptionKeyId, name: string, key: Uint8Array): Buffer => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', kek, nonce)
  cipher.setAAD(Buffer.from(name))
  const wrapped = [cipher.update(key), cipher.final()]
  return Buffer.concat([Buffer.from(id, 'hex'), nonce, ...wrapped, cipher.getAuthTag()])
}

const unwrapPlain = (name: string, stored: Buffer): Buffer | undefined => {
  const key = stored.subarray(KEY_AT, TAG_AT)
  return plainTag(name, key).equals(stored.subarray(TAG_AT)) ? key : undefined
}

const unwrapWith = (kek: Buffer, name: string, stored: Buffer): Buffer | undefined => {
  const nonce = stored.subarray(NONCE_AT, KEY_AT)
  const decipher = createDecipheriv('aes-256-gcm', kek, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(name))
  decipher.setAuthTag(stored.subarray(TAG_AT))
  const key = decipher.update(stored.subarray(KEY_AT, TAG_AT))
  try {
    decipher.final()
    return key
  } catch {
    return undefined
  }
}

const wrappingBy = (id: KeyEncryptionKeyId, keks: ReadonlyMap<string, Buffer>): KeyWrapping => {
  const given = () => (keks.size === 0 ? 'none was given' : `given: ${[...keks.keys()].join(', ')}`)

  const kekOf = (wanted: KeyEncryptionKeyId): Buffer => {
    const kek = keks.get(wanted)
    if (kek !== undefined) return kek
    throw new Unwrappable(`keys are wrapped by the key-encryption key ${wanted} (${given()})`)
  }

  const unwrap = (name: string, stored: Buffer): Buffer => {
    if (stored.length !== STORED_BYTES)
      throw new Unwrappable(
        `${name}: expected a stored key of ${String(STORED_BYTES)} bytes, found ${String(stored.length)}`,
      )
    const by = wrappedBy(stored)
    const key = by === plain ? unwrapPlain(name, stored) : unwrapWith(kekOf(by), name, stored)
    if (key === undefined)
      throw new Unwrappable(`${name}: the stored key was changed or moved since`)
    return key
  }

  return {
    id,
    wrap: (name, key) => {
      if (key.length !== KEY_BYTES)
        throw new Error(`${name}: expected ${String(KEY_BYTES)} bytes, found ${String(key.length)}`)
      return id === plain ? wrapPlain(name, key) : wrapWith(kekOf(id), id, name, key)
    },
    // A Buffer would not equal a Uint8Array, and the caller may do with it what it likes.
    unwrap: (name, stored) => Uint8Array.from(unwrap(name, viewOf(stored))),
    expect: (ids) => {
      for (const each of ids) if (each !== plain) kekOf(each)
    },
    to: (next) => {
      const kek = bytesOf(next)
      return wrappingBy(idOf(kek), new Map([...keks, [idOf(kek), kek]]))
    },
  }
}

/** Throws where what is given is no KEK. */
export const keyWrapping = ({
  keyEncryptionKey,
  earlierKeyEncryptionKeys = [],
}: KeyEncryption = {}): KeyWrapping => {
  const keks = new Map<KeyEncryptionKeyId, Buffer>()
  for (const earlier of earlierKeyEncryptionKeys) {
    const kek = bytesOf(earlier)
    keks.set(idOf(kek), kek)
  }
  const wrapping = wrappingBy(plain, keks)
  return keyEncryptionKey === undefined ? wrapping : wrapping.to(keyEncryptionKey)
}
