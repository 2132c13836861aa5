/** `#sanitize-html` is what it is meant to be for whoever loads what is built (decision 073). */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from '@jest/globals'
import { show } from './programs/showing.mjs'

// Nothing is installed beside it: what a bundle does not hold is missing there.
const elsewhere = mkdtempSync(join(tmpdir(), 'threadbook-bundled-'))
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }))

const node = async (cwd: string, ...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, args, { cwd })).stdout

const SAFE = '<p>Hi</p>\n'

it.each([
  ['CommonJS', 'cjs'],
  ['ES modules', 'esm'],
])('a bundle of %s brings the library along, and needs nothing beside it', async (_, format) => {
  const program = join(elsewhere, format === 'esm' ? 'program.mjs' : 'program.cjs')
  await node(__dirname, join(__dirname, 'programs/bundle.mjs'), format, program)
  expect(await node(elsewhere, program)).toBe(SAFE)
})

it('plain Node loads the library when HTML is first met, and not before', async () => {
  const isLoaded = `Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('sanitize-html'))`
  const program = `
    import { createRequire } from 'node:module'
    import { safeHtml } from '@threadbook/core'
    console.log(${isLoaded})
    ${show}
    console.log(${isLoaded})
  `
  expect(await node(__dirname, '--input-type=module', '--eval', program)).toBe(
    `false\n${SAFE}true\n`,
  )
})
