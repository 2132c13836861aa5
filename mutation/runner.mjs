/**
 * A test runner for Stryker that loads the core and the tests of its stories once, and then runs
 * the tests that a mutant concerns in the same process: thousands of mutants a minute, where a new
 * Jest for each takes a second. Nothing that happened is kept between stories, so they can share.
 */
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { expect } from 'expect'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const stryker = (globalThis.__stryker__ ??= {})

/** @type {{ id: string, run: () => unknown }[]} */
const tests = []
/** @type {string[]} */
let around = []

const describe = (title, body) => {
  const before = around
  around = [...before, title]
  body()
  around = before
}
const it = (title, run) => {
  const id = [...around, title].join(' › ')
  tests.push({ id: tests.some((test) => test.id === id) ? `${id} (${tests.length})` : id, run })
}

/** A row of a table is a test; the number of the row tells it from the others. */
const each = (make) => (table) => (title, body) => {
  for (const [row, values] of table.entries())
    make(`${title} (${row})`, () => body(...(Array.isArray(values) ? values : [values])))
}
describe.each = each(describe)
it.each = each(it)

/** Whether it asks for no generators: properties over random histories take too long. */
const tellsStories = (/** @type {string} */ source) => {
  const asked = /import \{([^}]*)\} from '@threadbook\/core\/testing'/.exec(source)?.[1] ?? ''
  return asked
    .split(',')
    .every((name) => /^\s*(?:at|by|clock|recordedAt|stories|type \w+|)\s*$/.test(name))
}

/** TypeScript as CommonJS; the packages by their sources, what is ours to replace replaced. */
const load = (root) => {
  const require = createRequire(join(root, 'package.json'))
  const { transformSync } = require('@swc/core')
  const globals = { describe, it, test: it, expect }
  const original = Module._load
  Module._load = (request, parent, isMain) => {
    if (request === '@jest/globals') return globals
    return original(request, parent, isMain)
  }
  const find = Module._resolveFilename
  Module._resolveFilename = (request, parent, ...rest) => {
    const own = /^@threadbook\/([\w-]+)(?:\/(\w+))?$/.exec(request)
    // Generators take long to make, and stories need none.
    if (own?.[1] === 'core' && own[2] === 'testing')
      return join(root, 'packages/core/src/testing/story.ts')
    if (own) return join(root, 'packages', own[1], 'src', own[2] ?? '', 'index.ts')
    if (request.startsWith('.') && parent?.filename?.endsWith('.ts')) {
      const path = resolve(dirname(parent.filename), request.replace(/\.js$/, '.ts'))
      if (existsSync(path)) return path
    }
    return find(request, parent, ...rest)
  }
  Module._extensions['.ts'] = (module, filename) => {
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      filename,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    })
    module._compile(code, filename)
  }
  const folder = join(root, 'packages/core/test')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name)
    if (!name.endsWith('.test.ts') || name.endsWith('.store.test.ts')) continue
    if (tellsStories(readFileSync(path, 'utf8'))) require(path)
  }
}

/** @returns {Promise<string | undefined>} what it failed with */
const failure = async (test) => {
  try {
    await test.run()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const storiesRunner = () => ({
  // Not quite true: what is made while loading stays as it is, and such mutants survive.
  capabilities: () => ({ reloadEnvironment: true }),
  // By now the working directory is the copy that is mutated.
  init: async () => load(process.cwd()),
  dryRun: async () => {
    const results = []
    for (const test of tests) {
      stryker.currentTestId = test.id
      const started = performance.now()
      const failed = await failure(test)
      const timeSpentMs = performance.now() - started
      const about = { id: test.id, name: test.id, timeSpentMs }
      results.push(
        failed === undefined
          ? { ...about, status: 0 }
          : { ...about, status: 1, failureMessage: failed },
      )
    }
    stryker.currentTestId = undefined
    return { status: 'complete', tests: results, mutantCoverage: stryker.mutantCoverage }
  },
  mutantRun: async ({ activeMutant, testFilter, hitLimit }) => {
    const wanted = testFilter === undefined ? undefined : new Set(testFilter)
    stryker.activeMutant = activeMutant.id
    stryker.hitLimit = hitLimit
    stryker.hitCount = hitLimit === undefined ? undefined : 0
    let nrOfTests = 0
    try {
      for (const test of tests) {
        if (wanted !== undefined && !wanted.has(test.id)) continue
        nrOfTests++
        const failureMessage = await failure(test)
        if (stryker.hitCount > hitLimit) return { status: 'timeout', reason: 'it ran on and on' }
        if (failureMessage !== undefined)
          return { status: 'killed', killedBy: [test.id], failureMessage, nrOfTests }
      }
      return { status: 'survived', nrOfTests }
    } finally {
      stryker.activeMutant = undefined
    }
  },
})
storiesRunner.inject = []

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'stories', storiesRunner),
]
