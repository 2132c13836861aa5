/** All tests of the core that tell stories, in one file: what they share is loaded once a mutant. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const tests = join(__dirname, '../packages/core/test')

for (const name of readdirSync(tests, { recursive: true, encoding: 'utf8' })) {
  if (!/(?<!\.store)\.test\.ts$/.test(name)) continue
  // Properties over random values take long, a thousand times over.
  if (!readFileSync(join(tests, name), 'utf8').includes('fast-check')) require(join(tests, name))
}
