/** Nothing that the types name is left out by what is to cover all of it. */
import { describe, expect, it } from '@jest/globals'
import { commands } from '@threadbook/core/testing'
import * as fc from 'fast-check'
import { declaredKinds } from './declared-types.js'

const kinds = declaredKinds()
const generators: Readonly<Record<string, fc.Arbitrary<{ readonly type: string }>>> = commands

it('is asked of types that are there', () => {
  expect(kinds.find(({ name }) => name === 'conversation')?.commands).toContain('Assign')
})

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  it('has a generator that makes every command', () => {
    const made = fc.sample(generators[name]!, {
      numRuns: 100 * kind.commands.length + 1,
      seed: 1,
    })
    expect([...new Set(made.map(({ type }) => type))].sort()).toEqual(kind.commands)
  })
})
