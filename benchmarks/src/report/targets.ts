/** What is to be reached, in the order of the page that shows it. */
import type { Result } from '../results.js'

interface Goal {
  /** What it is about, as the table says it. */
  readonly row: string
  readonly scenario: string
  readonly subject?: string
  /** The largest measured unless told. */
  readonly size?: number
}

export type Target = Goal &
  (
    | { readonly kind: 'floor'; readonly atLeast: number }
    | { readonly kind: 'peer'; readonly atLeast: number }
    /** Milliseconds more than the floor takes. */
    | { readonly kind: 'above'; readonly atMost: number }
    /** Times the time an operation takes at `from`. */
    | { readonly kind: 'growth'; readonly from: number; readonly atMost: number }
  )

const OURS = 'Threadbook'

const compared = (
  goal: Goal,
  floor: number | undefined,
  peer: number | undefined,
): readonly Target[] => [
  ...(floor === undefined ? [] : [{ ...goal, kind: 'floor', atLeast: floor } as const]),
  ...(peer === undefined ? [] : [{ ...goal, kind: 'peer', atLeast: peer } as const]),
]

const on = (row: string, scenario: string, more: Partial<Goal> = {}): Goal => ({
  row,
  scenario,
  ...more,
})

export const targets: readonly Target[] = [
  ...compared(on('append one event, SQLite file', 'append one event, SQLite file'), 0.6, 8),
  ...compared(
    on('append 1,000 in one call, at the port', 'append 1,000 events in one call, SQLite file'),
    0.7,
    4,
  ),
  ...compared(
    on(
      'append 1,000 in one call, sealed, end to end',
      'append 1,000 events in one call, sealed, end to end',
    ),
    0.25,
    1.5,
  ),
  ...compared(
    on('a whole command, views right, SQLite', 'command end to end, views right, SQLite'),
    0.3,
    8,
  ),
  ...compared(on('rebuild from 10⁶ events, SQLite', 'rebuild the list, SQLite'), 0.45, 20),
  ...compared(
    on('append one, PostgreSQL, 1 client', 'append one event, PostgreSQL', { size: 1 }),
    0.8,
    2,
  ),
  ...compared(
    on('append one, PostgreSQL, 16 clients', 'append one event, PostgreSQL', { size: 16 }),
    0.7,
    2,
  ),
  ...compared(on('rebuild, PostgreSQL', 'rebuild the list, PostgreSQL'), 0.4, 10),
  ...compared(
    on('load and fold 10,000 events, memory', 'load and fold a long stream, memory'),
    0.7,
    1.5,
  ),
  ...compared(
    on('load and fold 10,000 events, SQLite', 'load and fold a long stream, SQLite'),
    0.7,
    1.5,
  ),
  {
    ...on(
      'a command on a 10,000-event stream, against a 5-event stream',
      'command on a long stream, state cached, SQLite',
      { subject: 'Threadbook, the long stream' },
    ),
    kind: 'floor',
    atLeast: 1 / 1.5,
  },
  ...compared(
    on('EventStoreDB, append one after another', 'EventStoreDB: appends one after another'),
    0.9,
    undefined,
  ),
  ...compared(
    on('EventStoreDB, append, sixteen at once', 'EventStoreDB: appends sixteen at once'),
    0.9,
    undefined,
  ),
  ...compared(on('EventStoreDB, catching up', 'EventStoreDB: catching up'), 0.8, undefined),
  {
    ...on('a durable command, from 10⁴ to 10⁶ events', 'growth: commands on a SQLite file'),
    kind: 'growth',
    from: 10_000,
    atMost: 1.3,
  },
  {
    ...on('a bulk append, from 10⁴ to 10⁶ events', 'growth: appends of 1,000 into a SQLite file'),
    kind: 'growth',
    from: 10_000,
    atMost: 2.5,
  },
  {
    ...on('start-up of the smallest program', 'start-up of the smallest program, SQLite'),
    kind: 'above',
    atMost: 150,
  },
]

/** The result that a goal is about. */
export const found = (
  results: readonly Result[],
  { scenario, subject = OURS, size }: Goal,
): Result | undefined =>
  results
    .filter(
      (result) =>
        result.scenario === scenario &&
        result.subject === subject &&
        (size === undefined || result.size === size),
    )
    .sort((a, b) => b.size - a.size)[0]

/** The milliseconds of an operation. */
const time = ({ perSecond, ms }: Result): number => ms ?? 1_000 / perSecond!

/** What was reached; undefined where it was not measured. */
export const reached = (results: readonly Result[], target: Target): number | undefined => {
  const mine = found(results, target)
  if (mine === undefined) return undefined
  switch (target.kind) {
    case 'floor':
      return mine.ratioToFloor
    case 'peer':
      return mine.ratioToBestPeer
    case 'above': {
      const floor = results.find(
        ({ scenario, size, role }) =>
          scenario === mine.scenario && size === mine.size && role === 'floor',
      )
      return floor && time(mine) - time(floor)
    }
    case 'growth': {
      const before = found(results, { ...target, size: target.from })
      return before === undefined || before === mine ? undefined : time(mine) / time(before)
    }
  }
}

export const isMet = (target: Target, figure: number): boolean =>
  'atLeast' in target ? figure >= target.atLeast : figure <= target.atMost
