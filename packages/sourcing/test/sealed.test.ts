import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import {
  copySealed,
  erased,
  isErased,
  isSealedData,
  sealBytes,
  sealed,
  toSeal,
  unseal,
  unsealBytes,
  type Sealed,
  type SealedCopy,
  type SealedData,
} from '@threadbook/sourcing'
import fc from 'fast-check'
import { keysToSealWith, sealData } from '../src/sealed.js'

const EVENT = '00000000-0000-4000-8000-000000000001'
const OTHER = '00000000-0000-4000-8000-000000000002'

const ofStream = { id: 'k1', bytes: randomBytes(32) }
const ofContact = { id: 'k2', bytes: randomBytes(32) }
const keys = new Map([ofStream, ofContact].map(({ id, bytes }) => [id, bytes]))

const keyOf = (name: string) => {
  if (name === 'stream') return ofStream
  if (name === ofContact.id) return ofContact
  throw new Error(`no key ${name}`)
}

interface Mail {
  readonly subject: Sealed<string>
  readonly from: { readonly name: Sealed<string>; readonly kind: string }
  readonly parts: readonly { readonly text: Sealed<unknown> }[]
}

const stored = () =>
  sealData(
    {
      subject: toSeal('Hello'),
      from: { name: toSeal('Ada', ofContact.id), kind: 'email' },
      parts: [{ text: toSeal({ html: '<p>', list: [1, null] }) }],
    },
    EVENT,
    keyOf,
  ) as Mail

const copyOf = (value: Sealed<unknown>, path: string, event = EVENT) =>
  copySealed(value, event, path)

describe('sealed fields', () => {
  it('come back as they were sealed, each under its key', () => {
    const mail = stored()
    expect(unseal(copyOf(mail.subject, 'subject'), keys)).toBe('Hello')
    expect(unseal(copyOf(mail.from.name, 'from.name'), keys)).toBe('Ada')
    expect(unseal(copyOf(mail.parts[0]!.text, 'parts.0.text'), keys)).toEqual({
      html: '<p>',
      list: [1, null],
    })
    expect(mail.from.kind).toBe('email')
    expect((mail.from.name as SealedData).k).toBe(ofContact.id)
  })

  it('come back whatever JSON they hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const data = sealData({ a: toSeal(value) }, EVENT, keyOf) as { a: Sealed<unknown> }
        const back = unseal(
          copyOf(JSON.parse(JSON.stringify(data.a)) as Sealed<unknown>, 'a'),
          keys,
        )
        expect(JSON.stringify(back)).toBe(JSON.stringify(value))
      }),
    )
  })

  it('are never stored in the clear', () => {
    const text = JSON.stringify(stored())
    for (const secret of ['Hello', 'Ada', '<p>']) expect(text).not.toContain(secret)
    expect(JSON.stringify(stored())).not.toBe(text)
  })

  it('refuse to be stored before they are sealed', () => {
    const value = toSeal('Hello')
    expect(() => JSON.stringify({ value })).toThrow('about to be stored')
    expect(JSON.stringify(Object.entries(value as object))).not.toContain('Hello')
  })

  it('name the keys they need', () => {
    const data = { a: toSeal(1), b: [{ c: toSeal(2, 'k9') }], d: null, e: toSeal(3) }
    expect([...keysToSealWith(data)].sort()).toEqual(['k9', 'stream'])
  })

  it('are not skipped where a key is not at hand', () => {
    expect(() => sealData({ a: [toSeal('Hello', 'k9')] }, EVENT, keyOf)).toThrow('no key k9')
  })

  it('leave everything else as it is, whatever it is called', () => {
    const data = JSON.parse('{"__proto__":{"a":1},"b":[null,{"c":""}],"constructor":2}') as object
    expect(JSON.stringify(sealData(data, EVENT, keyOf))).toBe(JSON.stringify(data))
  })

  it('read as erased once the key is gone', () => {
    const copy = copyOf(stored().subject, 'subject')
    expect(unseal(copy, new Map())).toEqual(erased)
    expect(isErased(unseal(copy, new Map([[ofContact.id, ofContact.bytes]])))).toBe(true)
  })

  const flip = (base64: string, at: number): string => {
    const bytes = Buffer.from(base64, 'base64')
    bytes[at] = bytes[at]! ^ 1
    return bytes.toString('base64')
  }
  const cut = (base64: string, length: number): string =>
    Buffer.from(base64, 'base64').subarray(0, length).toString('base64')

  const tampered: readonly (readonly [string, (copy: SealedCopy<unknown>) => object])[] = [
    ['ciphertext', ({ c }) => ({ c: flip(c, 0) })],
    ['tag', ({ c }) => ({ c: flip(c, Buffer.from(c, 'base64').length - 1) })],
    ['nonce', ({ n }) => ({ n: flip(n, 3) })],
    ['length', ({ c }) => ({ c: cut(c, 17) })],
    ['length, shorter than a tag', ({ c }) => ({ c: cut(c, 12) })],
    ['everything', () => ({ c: '' })],
    ['key', () => ({ k: ofContact.id })],
    ['event', () => ({ e: OTHER })],
    ['path', () => ({ p: 'from.name' })],
  ]
  for (const [what, change] of tampered)
    it(`are not opened when another ${what} is given`, () => {
      const copy = copyOf(stored().subject, 'subject')
      expect(() => unseal({ ...copy, ...change(copy) }, keys)).toThrow()
    })

  it('cannot be copied before they are sealed', () => {
    expect(() => copySealed(toSeal('Hello'), EVENT, 'subject')).toThrow('subject')
  })

  it('pass their codec sealed or to be sealed, and nothing else does', () => {
    const codec = sealed<string>()
    for (const value of [toSeal('a'), { k: 'k', n: 'n', c: 'c' }])
      expect(codec.is(value)).toBe(true)
    for (const value of ['a', null, undefined, {}, { k: 'k', n: 'n' }, { k: 1, n: 'n', c: 'c' }])
      expect(codec.is(value)).toBe(false)
    expect(isSealedData(toSeal('a'))).toBe(false)
  })
})

describe('sealed bytes', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, id) => {
        const box = sealBytes(bytes, id, ofStream.bytes)
        expect([...unsealBytes(Uint8Array.from(box), id, ofStream.bytes)]).toEqual([...bytes])
      }),
    )
  })

  const bytes = Uint8Array.from([1, 2, 3])
  const box = () => Uint8Array.from(sealBytes(bytes, 'a', ofStream.bytes))
  it('are not opened under another id, another key, changed or cut', () => {
    expect(() => unsealBytes(box(), 'b', ofStream.bytes)).toThrow()
    expect(() => unsealBytes(box(), 'a', ofContact.bytes)).toThrow()
    for (let at = 0; at < 31; at++) {
      const changed = box()
      changed[at] = changed[at]! ^ 128
      expect(() => unsealBytes(changed, 'a', ofStream.bytes)).toThrow()
      expect(() => unsealBytes(box().subarray(0, at), 'a', ofStream.bytes)).toThrow()
    }
  })

  it('never use a nonce twice', () => {
    const nonces = Array.from({ length: 2_000 }, () =>
      Buffer.from(sealBytes(bytes, 'a', ofStream.bytes).subarray(0, 12)).toString('hex'),
    )
    expect(new Set(nonces).size).toBe(2_000)
  })
})
