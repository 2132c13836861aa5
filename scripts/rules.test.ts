import { describe, expect, it } from '@jest/globals'
import { gaps, page } from './rules-page.mjs'
import { rulesOf, testsIn } from './test-titles.mjs'

describe('a title', () => {
  it.each([
    ['S-073 records the new owner', ['S-073']],
    ['S-082 D-15 takes its tickets along', ['S-082', 'D-15']],
    ['K-01, S-039 a role-based sender', ['K-01', 'S-039']],
    ['S-104', ['S-104']],
    ['records the new owner (S-073)', []],
    ['S-073-like', []],
    ['XS-073 is none', []],
  ])('names the rules that it starts with: %s', (title, rules) =>
    expect(rulesOf(title)).toEqual(rules),
  )
})

describe('the tests of a file', () => {
  it('are found with the titles around them', () =>
    expect(
      testsIn(`describe('D-04 the laws', () => {
        describe('for everyone', () => { it('S-104 hold', () => {}); test('D-04 too', () => {}) })
      })`),
    ).toEqual([
      { rules: ['D-04', 'S-104'], title: 'D-04 the laws › for everyone › S-104 hold' },
      { rules: ['D-04'], title: 'D-04 the laws › for everyone › D-04 too' },
    ]))

  it('are one for each row where the title starts with what the row does', () =>
    expect(
      testsIn(
        `it.each<[string, number]>([['S-031 mail', 1], ['S-032', 2]])('%s is seen', () => {})`,
      ),
    ).toEqual([
      { rules: ['S-031'], title: 'S-031 mail is seen' },
      { rules: ['S-032'], title: 'S-032 is seen' },
    ]))

  it('are one for each row of a constant table, too', () =>
    expect(testsIn(`it.each([['S-031', 1]] as const)('%s', () => {})`)).toEqual([
      { rules: ['S-031'], title: 'S-031' },
    ]))

  it('are one where the rows say no rule, or stand elsewhere', () =>
    expect(
      testsIn(`it.each([1, 2])('D-06 %d', () => {}); it.each(rows)('%s passes', () => {})`),
    ).toEqual([
      { rules: ['D-06'], title: 'D-06 %d' },
      { rules: [], title: '%s passes' },
    ]))

  it('are not those that do not run', () =>
    expect(
      testsIn(`it.skip('S-001 is open', () => {}); it.todo('S-002 is ready')
        // it('S-003 has several')
        xit('S-004 has editions', () => {}); describe.skip('x', () => { it('S-005', () => {}) })`),
    ).toEqual([]))
})

const rules = {
  host: { 'S-066': 'The screen drags.' },
  sections: [{ title: 'Views', rules: { 'S-024': 'Unassigned', 'S-066': 'Dragging', 'D-04': '' } }],
}
const shown = new Map([
  ['S-024', [{ file: 'a.test.ts', title: 'S-024 is `x` <b>' }]],
  ['S-999', [{ file: 'a.test.ts', title: 'S-999 is nothing' }]],
])

it('a rule without a test is missing unless it is the host’s, and a number without a rule unknown', () =>
  expect(gaps(rules, shown)).toEqual({ missing: ['D-04'], unknown: ['S-999'] }))

it('the page shows each rule, its text and its tests, as text', () => {
  const text = page(rules, shown)
  expect(text).toContain('### S-024\n\nUnassigned\n\n- [a.test.ts](../a.test.ts)\n')
  expect(text).toContain('  - S-024 is \\`x\\` \\<b\\>\n')
  expect(text).toContain("_The host's:_ The screen drags.")
})
