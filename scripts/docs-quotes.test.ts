import { describe, expect, it } from '@jest/globals'
import { region, requote } from './docs-quotes.mjs'

const source = `import { a } from './a.js'

// #region whole
const one = () => {
  // #region inner
  a()

  if (one) a()
  // #endregion inner
}
// #endregion whole
// #region open
`

const page = (code: string, fence = '```') =>
  `Before.\n\n<!-- quote: src/one.ts#inner -->\n\n${fence}ts\n${code}\n${fence}\n\nAfter.\n`

const read = (file: string) => (file === 'src/one.ts' ? source : undefined)

describe('a region', () => {
  it('is moved to the left margin', () =>
    expect(region(source, 'inner')).toBe('a()\n\nif (one) a()'))

  it('leaves out the markers of regions inside it', () =>
    expect(region(source, 'whole')).toBe('const one = () => {\n  a()\n\n  if (one) a()\n}'))

  it.each(['open', 'absent'])('that is %s is none', (name) =>
    expect(region(source, name)).toBeUndefined(),
  )
})

describe('a quotation', () => {
  it('that equals its region is left alone', () => {
    const markdown = page('a()\n\nif (one) a()')
    expect(requote(markdown, read)).toEqual({ text: markdown, stale: [], broken: [] })
  })

  it.each(['```', '````'])('that differs is stale, and taken anew, in a fence of %s', (fence) =>
    expect(requote(page('b()', fence), read)).toEqual({
      text: page('a()\n\nif (one) a()', fence),
      stale: ['src/one.ts#inner'],
      broken: [],
    }),
  )

  it('of an empty fence is filled', () =>
    expect(requote(page('').replace('\n\n```\n\nAfter', '\n```\n\nAfter'), read).text).toBe(
      page('a()\n\nif (one) a()'),
    ))

  it.each([
    ['src/one.ts#gone', 'src/one.ts has no region gone'],
    ['src/two.ts#inner', 'src/two.ts does not exist'],
  ])('of %s is broken', (quote, problem) => {
    const markdown = page('b()').replace('src/one.ts#inner', quote)
    expect(requote(markdown, read)).toEqual({ text: markdown, stale: [], broken: [problem] })
  })

  it('without a code fence is broken', () =>
    expect(requote('<!-- quote: src/one.ts#inner -->\n\nText.\n', read).broken).toEqual([
      '1 quote comment(s) without a code fence',
    ]))

  it('does not take the text of a replacement pattern for one', () =>
    expect(
      requote(page('b()'), () => "// #region inner\nx.replace(/a/, '$&')\n// #endregion inner")
        .text,
    ).toBe(page("x.replace(/a/, '$&')")))
})
