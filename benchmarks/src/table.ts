/** Results as a person reads them. */
import type { Result } from './results.js'
import type { Scenario } from './scenario.js'

const count = (n: number) => Math.round(n).toLocaleString('en')

const short = (n: number): string => (n >= 100 ? count(n) : n.toPrecision(3))

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`

export const times = (ratio: number | undefined): string =>
  ratio === undefined ? '' : `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}×`

/** A figure in its unit. */
export const figure = (result: Result, which: 'median' | 'least' | 'most' = 'median'): string => {
  const value = result.spread[which]
  if (result.perSecond !== undefined) return `${short(value)}/s`
  return result.ms !== undefined ? `${short(value)} ms` : megabytes(value)
}

const bare = (result: Result, which: 'least' | 'most') => figure(result, which).split(/[ /]/)[0]!

const rowOf = (result: Result, peers: readonly string[]): readonly string[] => [
  result.subject,
  figure(result),
  `${bare(result, 'least')}–${bare(result, 'most')}`,
  result.cpuMicroseconds === undefined ? '' : `${short(result.cpuMicroseconds)} µs`,
  times(result.ratioToFloor),
  ...peers.map((peer) => times(result.ratiosToPeers?.[peer])),
  result.failedRuns === undefined
    ? result.settings
    : `(${result.failedRuns} runs failed) ${result.settings}`,
]

const aligned = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === row.length - 1
            ? cell.padEnd(widths[column]!)
            : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A scenario's results at one size. */
export const table = (
  { name, operation, sizeOf, peers = [] }: Scenario,
  size: number,
  results: readonly Result[],
): string => {
  const names = peers.map((peer) => peer.name)
  const head = ['', 'median', 'spread', 'cpu each', '/ floor', ...names.map((n) => `/ ${n}`), '']
  const title = `${name}, ${count(size)} ${sizeOf ?? `${operation}s`}`
  return `\n${title}\n${aligned([head, ...results.map((result) => rowOf(result, names))])}`
}
