/** Runs one subject of one scenario once; the figure goes to the parent process. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scenarios } from './scenarios/index.js'

const [scenarioName, subjectName] = process.argv.slice(2)
const scenario = scenarios.find(({ name }) => name === scenarioName)
const subject =
  scenario && [scenario.floor, ...scenario.subjects].find((s) => s.name === subjectName)
if (subject === undefined) throw new Error(`no such subject: ${scenarioName} / ${subjectName}`)

const folder = await mkdtemp(join(tmpdir(), 'threadbook-bench-'))
try {
  process.send?.(await subject.run(folder))
} finally {
  await rm(folder, { recursive: true, force: true })
}
