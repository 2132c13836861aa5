/** The tables of docs/performance.md. */
import type { Result } from '../results.js'
import { figure, times } from '../table.js'
import { found, isMet, reached, targets, type Target } from './targets.js'

const wanted = (target: Target): string => {
  switch (target.kind) {
    case 'floor':
      return `≥ ${times(target.atLeast)} the floor`
    case 'peer':
      return `≥ ${times(target.atLeast)} the best peer`
    case 'above':
      return `≤ ${target.atMost} ms above the floor`
    case 'growth':
      return `≤ ${times(target.atMost)} the time`
  }
}

/** Against peers, each of them by its name: one of them may have been set up in several ways. */
const shown = (results: readonly Result[], target: Target, value: number): string => {
  if (target.kind === 'above') return `${Math.round(value)} ms`
  const peers = Object.entries(found(results, target)?.ratiosToPeers ?? {})
  if (target.kind !== 'peer' || peers.length < 2) return times(value)
  return peers.map(([peer, ratio]) => `${times(ratio)} ${peer}`).join('; ')
}

const rows = (head: readonly string[], body: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

export const targetTable = (results: readonly Result[]): string =>
  rows(
    ['what', 'to be reached', 'reached', ''],
    targets.map((target) => {
      const value = reached(results, target)
      return value === undefined
        ? [target.row, wanted(target), 'not measured', '']
        : [
            target.row,
            wanted(target),
            shown(results, target, value),
            isMet(target, value) ? 'yes' : '**no**',
          ]
    }),
  )

const escaped = (text: string) => text.replaceAll('|', '\\|')

const spread = (result: Result) => `${figure(result, 'least')} – ${figure(result, 'most')}`

const peersOf = (result: Result): string =>
  Object.entries(result.ratiosToPeers ?? {})
    .filter(([peer]) => peer !== result.subject)
    .map(([peer, ratio]) => `${times(ratio)} ${peer}`)
    .join(', ')

/** Every scenario at every size. */
export const resultTables = (results: readonly Result[]): string =>
  [...new Set(results.map(({ scenario }) => scenario))]
    .map((scenario) => {
      const its = results.filter((result) => result.scenario === scenario)
      const settings = new Map(its.map((result) => [result.subject, result] as const))
      return [
        `### ${scenario}`,
        rows(
          ['size', 'subject', 'median', 'spread', 'to the floor', 'to peers'],
          its.map((result) => [
            result.size.toLocaleString('en'),
            escaped(result.subject),
            figure(result),
            spread(result),
            times(result.ratioToFloor),
            escaped(peersOf(result)),
          ]),
        ),
        [...settings.values()]
          .map(
            ({ subject, settings, failedRuns }) =>
              `- ${subject}: ${settings}${failedRuns === undefined ? '' : ` (${failedRuns} of its runs failed)`}`,
          )
          .join('\n'),
      ].join('\n\n')
    })
    .join('\n\n')
