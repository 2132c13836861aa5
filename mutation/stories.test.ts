/** All tests of the core that tell stories, in one file: what they share is loaded once a mutant. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const tests = join(__dirname, '../packages/core/test')
/** Properties over random histories, and what folds nothing: they take long, or have no say. */
const left = /laws|schemas|requests|rich-text|filter|golden|searching|complete/

for (const name of readdirSync(tests, { recursive: true, encoding: 'utf8' }))
  if (/(?<!\.store)\.test\.ts$/.test(name) && !left.test(name)) require(join(tests, name))
