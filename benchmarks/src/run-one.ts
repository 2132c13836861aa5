/**
 * `run SCENARIO SUBJECT FOLDER FIXTURE SIZE` runs a subject once and sends the figures to the
 * parent process; `fixture NAME FOLDER SIZE` makes a fixture.
 */
import { fixtures, scenarios } from './scenarios/index.js'
import { subjectsOf } from './subjects.js'

const [task, ...args] = process.argv.slice(2)

const run = async ([scenarioName, subjectName, folder, fixture, size]: readonly string[]) => {
  const scenario = scenarios.find(({ name }) => name === scenarioName)
  const subject = scenario && subjectsOf(scenario).find(({ name }) => name === subjectName)
  if (subject === undefined) throw new Error(`no such subject: ${scenarioName} / ${subjectName}`)
  return subject.run({ folder: folder!, fixture: fixture!, size: Number(size) })
}

const make = async ([fixtureName, folder, size]: readonly string[]) => {
  const fixture = fixtures.find(({ name }) => name === fixtureName)
  if (fixture === undefined) throw new Error(`no such fixture: ${fixtureName}`)
  await fixture.make(folder!, Number(size))
  return {}
}

const answer = task === 'run' ? await run(args) : await make(args)
// Peers may leave connections open: what counts is done.
process.send?.(answer, () => process.exit(0))
