/**
 * Calculates the figures of docs/scaling.md anew, from scripts/scaling/costs.json (measured, see
 * scaling-measure.mjs) and assumed.json. With `--check` it writes nothing, and fails where the page
 * has other ones. Two paths instead (`node scripts/scaling.mjs COSTS ASSUMED`): prints the tables of
 * one's own figures.
 */
import { readFileSync } from 'node:fs'
import { keepFiles } from './generated.mjs'
import { tableNames, withTables } from './scaling/tables.mjs'

const read = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'))
const [costs, assumed] = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const inputs = {
  costs: read(costs ?? 'scripts/scaling/costs.json'),
  assumed: read(assumed ?? 'scripts/scaling/assumed.json'),
}
if (costs === undefined) {
  const page = withTables(readFileSync('docs/scaling.md', 'utf8'), inputs)
  const check = process.argv.includes('--check')
  await keepFiles({ 'docs/scaling.md': page }, { check, how: 'npm run docs:scaling' })
} else {
  const empty = tableNames.map(
    (name) => `## ${name}\n\n<!-- scaling: ${name} -->\n<!-- /scaling -->`,
  )
  console.log(withTables(empty.join('\n\n'), inputs).replaceAll(/<!--.*-->\n?/g, ''))
}
