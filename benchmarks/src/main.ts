/** `npm run bench [-- NAME…]`: measures the scenarios whose names contain one of the words given. */
import { writeFile } from 'node:fs/promises'
import { measure, type Result } from './measure.js'
import { scenarios } from './scenarios/index.js'

const ROUNDS = 5

const words = process.argv.slice(2).map((word) => word.toLowerCase())
const chosen = scenarios.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
)

const count = (n: number) => Math.round(n).toLocaleString('en')
const print = ({ subject, perSecond, spread, ratioToFloor, operation, settings }: Result) => {
  const speed = `${count(perSecond)} ${operation}s/s (${count(spread[0])}–${count(spread[1])})`
  console.log(
    `  ${subject.padEnd(26)} ${speed.padEnd(44)} ${ratioToFloor.toFixed(2)}×  ${settings}`,
  )
}

const results: Result[] = []
for (const scenario of chosen) {
  console.log(
    `\n${scenario.name}: ${count(scenario.size)} ${scenario.operation}s, ${ROUNDS} runs each`,
  )
  const measured = await measure(scenario, ROUNDS)
  measured.forEach(print)
  results.push(...measured)
}
if (words.length === 0)
  await writeFile('results.json', `${JSON.stringify(results, undefined, 2)}\n`)
