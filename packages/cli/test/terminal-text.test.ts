import { describe, expect, it } from '@jest/globals'
import { anyText } from '@threadbook/core/testing'
import fc from 'fast-check'
import { clean, cleanLines, cutToWidth, fitToWidth, widthOf, wrap } from '../src/terminal-text.js'

const texts = anyText({ maxLength: 200 })

describe('text from strangers', () => {
  it.each([
    ['colours', 'a \u001b[1;31mred\u001b[0m b', 'a red b'],
    ['a cursor that moves', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['sequences of one byte', 'a\u009b31mb', 'ab'],
    ['a new title for the window', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a link', '\u001b]8;;http://evil.example\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['half a sequence', 'a\u001b[', 'a ['],
    ['an unended title', 'a\u001b]0;b', 'a ]0;b'],
    ['line ends and tabs', ' a\r\nb\tc\u0085d\u2028e ', 'a b c d e'],
    ['bells, backspaces and NUL', 'a\u0007b\u0008c\0d', 'a b c d'],
    ['another direction of writing', 'invoice\u202efdp.exe\u202c', 'invoicefdp.exe'],
    ['what cannot be seen', 'a\u200bb\u00adc\ufeffd\u{e0041}e', 'abcde'],
    ['half a character', 'a\ud83db', 'a\ufffdb'],
    ['towers of marks', `a${'\u0301'.repeat(500)}b`, `a${'\u0301'.repeat(4)}b`],
    ['emoji made of several', '👩\u200d👧 ❤\ufe0f 👍🏽', '👩👧 ❤ 👍'],
  ])('loses %s', (_, text, rest) => expect(clean(text)).toBe(rest))

  it.each(['Grüße, 世界', 'नमस्ते', 'سلام', 'Ωμέγα – «да»', '한국어', '(-: 😀'])('keeps %s', (text) =>
    expect(clean(text)).toBe(text),
  )

  it('holds nothing afterwards that a terminal would act on, whatever it was', () =>
    fc.assert(
      fc.property(texts, (text) => {
        expect(clean(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u)
        for (const line of cleanLines(text)) expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      }),
    ))

  it('is cleaned in linear time', () => {
    const hostile = ['\u001b[', '\u001b]0;', '\u001b[;;;;', 'a\u0301'].map((s) => s.repeat(50_000))
    const started = performance.now()
    hostile.forEach(clean)
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('stays in its lines where they are wanted', () =>
    expect(cleanLines('a\r\n\tb \u001b[1mc\n\n > d  e\n')).toEqual([
      'a',
      '    b c',
      '',
      ' > d  e',
      '',
    ]))
})

describe('width', () => {
  it.each([
    ['', 0],
    ['Bo Ek', 5],
    ['Grüße', 5],
    ['Gru\u0308ße', 5],
    ['世界', 4],
    ['한국', 4],
    ['ﾊﾝ', 2],
    ['ＡＢ', 4],
    ['😀!', 3],
    ['🇸🇪', 2],
    ['…', 1],
  ])('%j takes %d columns', (text, columns) => expect(widthOf(text)).toBe(columns))

  it.each([
    ['Bo Ek', 5, 'Bo Ek'],
    ['Bo Ek', 4, 'Bo…'],
    ['Bo Ek', 1, '…'],
    ['Bo Ek', 0, ''],
    ['Bo Ek', -3, ''],
    ['世界', 4, '世界'],
    ['世界', 3, '世…'],
    ['世界', 2, '…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ])('%j in %d columns is %j', (text, width, cut) => expect(cutToWidth(text, width)).toBe(cut))

  it('is exact where it has to be, whatever the text', () =>
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 60 }), (text, width) => {
        expect(widthOf(fitToWidth(clean(text), width))).toBe(width)
      }),
    ))
})

describe('wrapping', () => {
  it.each([
    ['a short line stays', 'one  two', 10, ['one  two']],
    ['a long one is parted between words', 'one two three', 8, ['one two', 'three']],
    [
      'a long word stays whole',
      'see http://example.com/ now',
      8,
      ['see', 'http://example.com/', 'now'],
    ],
  ])('%s', (_, line, width, lines) => expect(wrap(line, width)).toEqual(lines))
})
