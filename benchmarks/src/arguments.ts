/** `npm run bench [-- [--quick] [--rounds N] [--list] [--report] NAME…]` */
import { parseArgs } from 'node:util'

export interface Asked {
  /** Scenarios are meant whose names contain one of these; all where there are none. */
  readonly words: readonly string[]
  readonly quick: boolean
  readonly rounds: number | undefined
  readonly list: boolean
  /** Only makes pictures and tables of the results that there are. */
  readonly report: boolean
}

export const asked = (args: readonly string[]): Asked => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      rounds: { type: 'string' },
    },
  })
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`--rounds: expected a number of at least 1, got ${String(values.rounds)}`)
  const words = positionals.map((word) => word.toLowerCase())
  return { words, quick: values.quick, rounds, list: values.list, report: values.report }
}
