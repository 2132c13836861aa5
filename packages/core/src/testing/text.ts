import * as fc from 'fast-check'

const SURROGATES = { from: 0xd800, count: 0x800 }

const characterAt = (n: number): string =>
  String.fromCodePoint(n < SURROGATES.from ? n : n + SURROGATES.count)

const placeOf = (character: unknown): number => {
  const code = String(character).codePointAt(0) ?? 0
  const n = code < SURROGATES.from ? code : code - SURROGATES.count
  if (characterAt(n) !== character) throw new Error('no character')
  return n
}

// As fast-check's unit `binary`, which makes a table of a million characters first: half a second
// that every file of tests would wait for.
const characters = fc
  .integer({ min: 0, max: 0x10ffff - SURROGATES.count })
  .map(characterAt, placeOf)

/** Text of any characters, their number within the bounds; no half of one stands alone. */
export const anyText = (
  bounds: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> => fc.string({ ...bounds, unit: characters })
