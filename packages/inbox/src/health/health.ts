/** How an inbox is, as plain data, and what follows from it. */
import type { IsoTime, Position } from '@threadbook/sourcing'

export interface Lag {
  /** Not handled yet: exact up to 100, and with `more` at least so many. */
  readonly events: number
  readonly more: boolean
  /** Since the oldest of them was written; 0 where none is. */
  readonly seconds: number
}

/** `inline`: within each append. By its lease: who died may hold it for some seconds yet. */
export type RunBy = 'inline' | 'thisProcess' | 'anotherProcess' | 'nobody'

/** What a background part met last; it is tried again. */
export interface LastFault {
  /** The kind of fault, never its text. */
  readonly fault: string
  readonly at: IsoTime
}

export interface ProjectionHealth {
  readonly name: string
  readonly version: number
  readonly runBy: RunBy
  readonly lag: Lag
  /** Rows that stand still: exact up to 100, and with `more` at least so many. */
  readonly parked: { readonly rows: number; readonly more: boolean }
  /** Events that were passed over for good. */
  readonly skipped: number
  /** Of the last event that broke; `recordedAt`: when it was written. */
  readonly lastError?: {
    readonly error: string
    readonly key: string
    readonly type: string
    readonly position: Position
    readonly recordedAt: IsoTime
  }
}

export interface ReactionHealth {
  readonly name: string
  readonly runBy: RunBy
  /** By where it last wrote down that it stands, at most a second ago. */
  readonly lag: Lag
  /** Events of this account that it could not handle. */
  readonly parked: number
  readonly lastFault?: LastFault
}

export interface SearchHealth {
  /** It is caught up when nothing else is to do, and before a search. */
  readonly lag: Lag
  readonly lastFault?: LastFault
}

export type Reason =
  | { readonly type: 'Unavailable'; readonly reason: string }
  | { readonly type: 'Behind'; readonly part: string; readonly lag: Lag }
  | { readonly type: 'RunByNobody'; readonly part: string; readonly lag: Lag }
  | { readonly type: 'Parked'; readonly part: string; readonly count: number }
  | { readonly type: 'Fault'; readonly part: string; readonly last: LastFault }

export interface Health {
  /** `attention`: it works, and somebody should look at the reasons. */
  readonly status: 'ok' | 'attention' | 'unavailable'
  readonly reasons: readonly Reason[]
  readonly at: IsoTime
  readonly projections: readonly ProjectionHealth[]
  readonly reactions: readonly ReactionHealth[]
  /** Absent where there is no search index, or none yet. */
  readonly search?: SearchHealth
}

/** Seconds after which what waits is late, and for which a fault is told. */
const LATE = 30
const RECENT = 60

const lagReasons = (part: string, runBy: RunBy, lag: Lag): readonly Reason[] => {
  if (lag.seconds <= LATE) return []
  return [{ type: runBy === 'nobody' ? 'RunByNobody' : 'Behind', part, lag }]
}

const faultReasons = (part: string, last: LastFault | undefined, at: IsoTime): readonly Reason[] =>
  last === undefined || Date.parse(at) - Date.parse(last.at) > RECENT * 1_000
    ? []
    : [{ type: 'Fault', part, last }]

const parkedReasons = (part: string, count: number): readonly Reason[] =>
  count === 0 ? [] : [{ type: 'Parked', part, count }]

/** What somebody should look at: late by more than 30 seconds, parked, a fault in the last minute. */
export const reasonsOf = ({
  at,
  projections,
  reactions,
  search,
}: Pick<Health, 'at' | 'projections' | 'reactions' | 'search'>): readonly Reason[] => [
  ...projections.flatMap(({ name, runBy, lag, parked }) => [
    ...lagReasons(`projection ${name}`, runBy, lag),
    ...parkedReasons(`projection ${name}`, parked.rows),
  ]),
  ...reactions.flatMap(({ name, runBy, lag, parked, lastFault }) => [
    ...lagReasons(`reaction ${name}`, runBy, lag),
    ...parkedReasons(`reaction ${name}`, parked),
    ...faultReasons(`reaction ${name}`, lastFault, at),
  ]),
  ...faultReasons('search', search?.lastFault, at),
]
