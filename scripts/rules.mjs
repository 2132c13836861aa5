/**
 * Writes docs/rules.md: every rule of the domain and the tests that show it. The rules' texts stand
 * in docs/rules.json; the tests are found by their titles, which start with the numbers of the rules
 * they show (CONTRIBUTING.md). With `--check` it writes nothing, and fails where the page is not
 * what it would write or where a rule has no test.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepFiles } from './generated.mjs'
import { gaps, page } from './rules-page.mjs'
import { testsIn } from './test-titles.mjs'

const skipped = new Set(['node_modules', 'dist'])

/** @returns {string[]} */
const testFilesUnder = (/** @type {string} */ folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : testFilesUnder(path)
    return entry.name.endsWith('.test.ts') ? [path] : []
  })

/** @type {Map<string, import('./rules-page.mjs').Shown[]>} */
const shown = new Map()
for (const file of ['packages', 'examples', 'docs', 'scripts'].flatMap(testFilesUnder).sort())
  for (const { rules, title } of testsIn(readFileSync(file, 'utf8')))
    for (const rule of rules) shown.set(rule, [...(shown.get(rule) ?? []), { file, title }])

const check = process.argv.includes('--check')
/** @type {import('./rules-page.mjs').Rules} */
const rules = JSON.parse(readFileSync('docs/rules.json', 'utf8'))
await keepFiles({ 'docs/rules.md': page(rules, shown) }, { check, how: 'npm run docs:rules' })

const { missing, unknown } = gaps(rules, shown)
for (const rule of missing) console.error(`${rule}: no test's title starts with it`)
for (const rule of unknown)
  console.error(`${rule}: a test names it, and docs/rules.json does not know it`)
if (check && missing.length + unknown.length > 0) process.exitCode = 1
