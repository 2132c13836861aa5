import { describe, expect, it } from '@jest/globals'
import {
  indexedText,
  needleOf,
  phraseTerm,
  placeInText,
  tokensOf,
  wordTerm,
} from '@threadbook/sourcing'
import * as fc from 'fast-check'

/** Words of several writings, and what stands between them. */
const pieces = [
  'Straße',
  'é',
  'ab',
  'abc',
  'B',
  '42',
  '東京',
  'ガ',
  '한국어',
  'हिन्दी',
  'дом',
  'كِتَاب',
]
const between = [' ', '-', ' … ', "'", '@', ', ', '']
const texts = fc
  .array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...between)), { maxLength: 6 })
  .map((all) => all.flat().join(''))

describe('tokens', () => {
  it.each([
    ["It's 42 EUR, naïve Straße", 'it s 42 eur naive strasse'],
    ['ada@example.org', 'ada example org'],
    ['東京都 ガギグ', '東 京 都 ガ ギ グ'],
    ['한국어 메일', '한국어 메일'],
    ['สวัสดี', 'ส วั ส ดี'],
    ['हिन्दी ﬁle ＡＢＣ', 'हिन्दी file abc'],
    ['İstanbul ıslak', 'istanbul islak'],
    ['- … 🦜 \0', ''],
    ['x'.repeat(70), 'x'.repeat(64)],
  ])('of %s', (text, tokens) => {
    expect(tokensOf(text).join(' ')).toBe(tokens.normalize('NFKC'))
  })

  it('of a text are the same whatever its case, and whichever way its accents are written', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(tokensOf(text.normalize('NFD'))).toEqual(tokensOf(text.normalize('NFC')))
        expect(tokensOf(tokensOf(text).join(' '))).toEqual(tokensOf(text))
      }),
    )
  })

  it('of ASCII alone, and of the same among other letters, are the same', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        expect(tokensOf(`${text} é`)).toEqual([...tokensOf(text), 'e'])
      }),
    )
  })
})

describe('a term', () => {
  it('is in the text that it was taken from, and is placed there', () => {
    fc.assert(
      fc.property(texts, texts, texts, (before, text, after) => {
        const whole = `${before} ${text} ${after}`
        for (const term of [wordTerm(text), phraseTerm(text)]) {
          if (term === undefined) continue
          expect(indexedText([whole]).includes(needleOf(term))).toBe(true)
          const place = placeInText(whole, term)
          expect(place).toBeDefined()
          const found = tokensOf(whole.slice(...place!)).join(' ')
          expect(` ${found} `).toContain(term.prefix ? needleOf(term).trimEnd() : needleOf(term))
        }
      }),
    )
  })

  it('is placed only where the text holds it', () => {
    fc.assert(
      fc.property(texts, texts, (text, sought) => {
        for (const term of [wordTerm(sought), phraseTerm(sought)]) {
          if (term === undefined) continue
          const held = indexedText([text]).includes(needleOf(term))
          expect(placeInText(text, term) !== undefined).toBe(held)
        }
      }),
    )
  })

  it('of one letter finds that letter alone, of two what begins so', () => {
    expect(wordTerm('a')).toEqual({ tokens: ['a'], prefix: false })
    expect(wordTerm('ab')).toEqual({ tokens: ['ab'], prefix: true })
    expect(wordTerm('…')).toBeUndefined()
  })
})
