/** What the lines are written for: how wide it is, whether it shows colours, what time it is there. */

export interface Screen {
  readonly columns: number
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly now: Date
}

const DEFAULT_COLUMNS = 80
/** On less, lines are too long. */
const FEWEST_COLUMNS = 50

interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** https://no-color.org: set to anything but the empty text, it means no. */
const showsColours = (output: Output, env: NodeJS.ProcessEnv): boolean =>
  output.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'

export const screenOn = (output: Output, env: NodeJS.ProcessEnv, now: Date): Screen => {
  const coloured = showsColours(output, env)
  const columns = output.isTTY === true ? (output.columns ?? DEFAULT_COLUMNS) : DEFAULT_COLUMNS
  const styled = (on: number, off: number) => (text: string) =>
    coloured ? `\u001b[${on}m${text}\u001b[${off}m` : text
  return {
    columns: Math.max(FEWEST_COLUMNS, columns),
    bold: styled(1, 22),
    dim: styled(2, 22),
    now,
  }
}
