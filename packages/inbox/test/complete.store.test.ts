/** Nothing that the types name is left out by what is to cover all of it. */
import { describe, expect, it } from '@jest/globals'
import { commands } from '@threadbook/core/testing'
import * as fc from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { declaredKinds, declaredUnion } from './declared-types.js'

const kinds = declaredKinds()
const generators: Readonly<Record<string, fc.Arbitrary<{ readonly type: string }>>> = commands
const packages = join(__dirname, '../..')

/** All texts that stand in the tests. */
const tested = (): ReadonlySet<string> => {
  const texts = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.add(node.text)
    ts.forEachChild(node, visit)
  }
  const folders = readdirSync(packages).map((name) => join(packages, name, 'test'))
  for (const folder of folders.filter(existsSync))
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.test.ts')) {
        const text = readFileSync(join(folder, file), 'utf8')
        visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
      }
  return texts
}

it('is asked of types that are there', () => {
  expect(kinds.find(({ name }) => name === 'conversation')?.commands).toContain('Assign')
  expect(kinds.find(({ name }) => name === 'conversation')?.refusals).toContain('BotStillTalking')
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

it('every refusal is one that a test meets', () => {
  const texts = tested()
  const refusals = new Set([
    ...kinds.flatMap((kind) => kind.refusals),
    ...declaredUnion('packages/inbox/src/steps/step.ts', 'Refusal'),
  ])
  expect([...refusals].filter((refusal) => !texts.has(refusal))).toEqual([])
})
