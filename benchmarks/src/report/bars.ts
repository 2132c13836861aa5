/** Ratios as bars on a logarithmic scale: to the right of the line is better than what it is compared with. */
import { times } from '../table.js'
import { box, label, line, picture } from './svg.js'

export interface Bar {
  readonly name: string
  readonly ratio: number
  /** What is to be reached. */
  readonly target?: number | undefined
}

const WIDTH = 960
const NAMES = 480
const ROW = 22
const TOP = 56
const RIGHT = 70

const MET = '#2a7d4f'
const MISSED = '#c2571a'
const PLAIN = '#5b7aa8'

const colour = ({ ratio, target }: Bar): string => {
  if (target === undefined) return PLAIN
  return ratio >= target ? MET : MISSED
}

export const bars = (title: string, subtitle: string, all: readonly Bar[]): string => {
  const least = Math.min(0.1, ...all.map(({ ratio }) => ratio))
  const most = Math.max(2, ...all.map(({ ratio, target = 1 }) => Math.max(ratio, target)))
  const x = (ratio: number) =>
    NAMES + (Math.log(ratio / least) / Math.log(most / least)) * (WIDTH - NAMES - RIGHT)
  const height = TOP + all.length * ROW + 16
  const rows = all.flatMap((bar, index) => {
    const y = TOP + index * ROW
    return [
      label(NAMES - 8, y + 15, bar.name, { anchor: 'end', size: 11 }),
      box(Math.min(x(1), x(bar.ratio)), y + 4, Math.abs(x(bar.ratio) - x(1)), ROW - 8, colour(bar)),
      label(WIDTH - 12, y + 15, times(bar.ratio), { anchor: 'end', fill: colour(bar) }),
      ...(bar.target === undefined
        ? []
        : [line([x(bar.target), y + 1], [x(bar.target), y + ROW - 1], '#000')]),
    ]
  })
  return picture(WIDTH, height, [
    label(12, 22, title, { size: 15 }),
    label(12, 40, subtitle, { fill: '#666' }),
    line([x(1), TOP - 4], [x(1), height - 12], '#888'),
    ...rows,
  ])
}
