/** How the time of an operation grows with the size: both scales logarithmic. */
import type { Result } from '../results.js'
import { dot, label, line, path, picture } from './svg.js'

const WIDTH = 420
const HEIGHT = 260
const LEFT = 64
const BOTTOM = 36
const TOP = 52
const RIGHT = 16
const COLOURS = ['#2a7d4f', '#8a8a8a', '#c2571a', '#5b7aa8']

const microseconds = ({ perSecond, ms }: Result): number =>
  ms === undefined ? 1_000_000 / perSecond! : ms * 1_000

const power = (n: number): string => {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹'
  const exponent = Math.round(Math.log10(n))
  return 10 ** exponent === n ? `10${digits[exponent]}` : n.toLocaleString('en')
}

const time = (µs: number): string =>
  µs >= 1_000 ? `${Number((µs / 1_000).toPrecision(2))} ms` : `${Number(µs.toPrecision(2))} µs`

/** One scenario's curves, ours first. */
export const curves = (
  scenario: string,
  results: readonly Result[],
  offset: number,
): readonly string[] => {
  const sizes = [...new Set(results.map(({ size }) => size))].sort((a, b) => a - b)
  const names = [...new Set(results.map(({ subject }) => subject))].sort((a, b) =>
    a === 'Threadbook' ? -1 : b === 'Threadbook' ? 1 : 0,
  )
  const all = results.map(microseconds)
  const [least, most] = [Math.min(...all) / 1.5, Math.max(...all) * 1.5]
  const [first, last] = [sizes[0]!, sizes.at(-1)!]
  const x = (size: number) =>
    offset +
    LEFT +
    (Math.log(size / first) / Math.log(last / first)) * (WIDTH - LEFT - RIGHT - 20) +
    10
  const y = (µs: number) =>
    HEIGHT - BOTTOM - (Math.log(µs / least) / Math.log(most / least)) * (HEIGHT - BOTTOM - TOP)
  const ticks = [Math.min(...all), Math.max(...all)]
  return [
    label(offset + 12, 20, scenario.replace(/^growth: /, ''), { size: 13 }),
    ...names.map((name, index) =>
      label(offset + 12 + index * 150, 38, `— ${name}`, { fill: COLOURS[index % 4]!, size: 11 }),
    ),
    line([offset + LEFT, HEIGHT - BOTTOM], [offset + WIDTH - RIGHT, HEIGHT - BOTTOM]),
    ...ticks.flatMap((tick) => [
      line([offset + LEFT, y(tick)], [offset + WIDTH - RIGHT, y(tick)], '#eee'),
      label(offset + LEFT - 6, y(tick) + 4, time(tick), { anchor: 'end', size: 11 }),
    ]),
    ...sizes.map((size) =>
      label(x(size), HEIGHT - BOTTOM + 18, power(size), { anchor: 'middle', size: 11 }),
    ),
    ...names.flatMap((name, index) => {
      const mine = results
        .filter(({ subject }) => subject === name)
        .sort((a, b) => a.size - b.size)
        .map((result) => [x(result.size), y(microseconds(result))] as const)
      const colour = COLOURS[index % 4]!
      return [path(mine, colour), ...mine.map(([px, py]) => dot(px, py, colour))]
    }),
  ]
}

const COLUMNS = 2

/** All scenarios of three sizes or more, two beside each other. */
export const growth = (results: readonly Result[]): string => {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))].filter(
    (name) =>
      new Set(results.filter(({ scenario }) => scenario === name).map(({ size }) => size)).size > 2,
  )
  const rows = Math.ceil(scenarios.length / COLUMNS)
  const parts = scenarios.map((name, index) => {
    const its = results.filter(({ scenario }) => scenario === name)
    const down = Math.floor(index / COLUMNS) * HEIGHT
    return `<g transform="translate(0 ${down})">\n${curves(name, its, (index % COLUMNS) * WIDTH).join('\n')}\n</g>`
  })
  return picture(WIDTH * COLUMNS, Math.max(1, rows) * HEIGHT, parts)
}
