/** What a whole run leaves behind: results.json, the pictures, and the tables of the page. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import type { Result } from '../results.js'
import { scenarios } from '../scenarios/index.js'
import { bars, type Bar } from './bars.js'
import { growth } from './growth.js'
import { resultTables, targetTable } from './tables.js'
import { targets } from './targets.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const RESULTS = join(root, 'benchmarks/results.json')
const PAGE = join(root, 'docs/performance.md')
const PICTURES = join(root, 'docs/performance')

const style = { semi: false, singleQuote: true, printWidth: 100 }

/** Replaces what stands between `<!-- results: NAME -->` and the next `<!-- /results -->`. */
const filled = (page: string, name: string, text: string): string => {
  const begin = `<!-- results: ${name} -->`
  const from = page.indexOf(begin)
  const to = page.indexOf('<!-- /results -->', from)
  if (from < 0 || to < 0)
    throw new Error(`docs/performance.md: expected ${begin} … <!-- /results -->`)
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`
}

const targetOf = (kind: 'floor' | 'peer', { scenario, subject, size }: Result) => {
  const found = targets.find(
    (target) =>
      target.kind === kind &&
      target.scenario === scenario &&
      (target.subject ?? 'Threadbook') === subject &&
      (target.size === undefined || target.size === size),
  )
  return found !== undefined && 'atLeast' in found ? found.atLeast : undefined
}

/** Ours by the scenario's name, with what tells several of them apart. */
const nameOf = (results: readonly Result[], { scenario, subject, size }: Result): string => {
  const same = results.filter((other) => other.scenario === scenario && other.subject === subject)
  const its = subject.replace(/^Threadbook(, )?/, '')
  return `${scenario}${same.length > 1 ? `, ${size.toLocaleString('en')}` : ''}${its && ` (${its})`}`
}

const ours = (results: readonly Result[]) =>
  results.filter(({ role, scenario }) => role === 'ours' && !scenario.startsWith('growth'))

const toFloor = (results: readonly Result[]): readonly Bar[] =>
  ours(results).flatMap((result) =>
    result.ratioToFloor === undefined
      ? []
      : [
          {
            name: nameOf(results, result),
            ratio: result.ratioToFloor,
            target: targetOf('floor', result),
          },
        ],
  )

const toPeers = (results: readonly Result[]): readonly Bar[] =>
  ours(results).flatMap((result) =>
    Object.entries(result.ratiosToPeers ?? {}).map(([peer, ratio]) => ({
      name: `${nameOf(results, result)} — ${peer}`,
      ratio,
      target: targetOf('peer', result),
    })),
  )

const page = async (results: readonly Result[]): Promise<string> => {
  const now = await readFile(PAGE, 'utf8')
  const [first] = results
  const machine =
    first === undefined
      ? 'Nothing is measured yet: `npm run bench` fills this page.'
      : `Measured on ${first.machine}.`
  const text = [
    ['machine', machine],
    ['targets', targetTable(results)],
    ['all', resultTables(results)],
  ].reduce((text, [name, part]) => filled(text, name!, part!), now)
  return format(text, { ...style, parser: 'markdown' })
}

const kept = async () => JSON.parse(await readFile(RESULTS, 'utf8')) as readonly Result[]

/** Pictures and tables of the results that there are. */
export const report = async (): Promise<void> => {
  const results = await kept()
  await mkdir(PICTURES, { recursive: true })
  const pictures = {
    'floor.svg': bars(
      'Against the floor',
      '1× is as fast, or as small, as a hand-written program without any library. Tick: the goal.',
      toFloor(results),
    ),
    'peers.svg': bars(
      'Against peers',
      '1× is as fast as the peer; to the right, this library is faster. Tick: the goal.',
      toPeers(results),
    ),
    'growth.svg': growth(results),
  }
  for (const [name, text] of Object.entries(pictures)) await writeFile(join(PICTURES, name), text)
  await writeFile(PAGE, await page(results))
}

/** What a scenario came to, all of it, in the place of what it came to before; others stay. */
export const keep = async (measured: readonly Result[]): Promise<void> => {
  const again = new Set(measured.map(({ scenario }) => scenario))
  const others = (await kept()).filter(({ scenario }) => !again.has(scenario))
  const place = ({ scenario }: Result) => scenarios.findIndex(({ name }) => name === scenario)
  const results = [...others, ...measured].sort((a, b) => place(a) - place(b))
  await writeFile(RESULTS, await format(JSON.stringify(results), { ...style, parser: 'json' }))
  await report()
}
