/** Asks the stores how far everything is: a few small queries for each part, and no scan. */
import {
  Faulted,
  projectionFilter,
  projectionTurn,
  reactionFilter,
  type Adapters,
  type EventFilter,
  type IsoTime,
  type Position,
  type ProcessTurns,
  type Rows,
} from '@threadbook/sourcing'
import { answer } from '../fault.js'
import type { InboxReaction } from '../reactions/reaction.js'
import { handlersOf } from '../reactions/run-reaction.js'
import { indexedEvents } from '../search/changes.js'
import type { LastFaults } from './last-faults.js'
import {
  reasonsOf,
  type Health,
  type Lag,
  type ProjectionHealth,
  type ReactionHealth,
  type RunBy,
  type SearchHealth,
} from './health.js'

export interface HealthParts {
  readonly adapters: Adapters
  readonly projections: readonly Rows[]
  readonly reactions: readonly InboxReaction[]
  readonly turns: ProcessTurns
  readonly faults: LastFaults
  readonly now: () => IsoTime
  /** How many events of this account each reaction could not handle. */
  readonly parkedReactions: () => Promise<ReadonlyMap<string, number>>
}

/** Counts are exact up to here. */
const MOST = 100
/** Slices of the log that hold nothing of interest, at most, before the rest counts as nothing. */
const LOOKS = 4

const NO_LAG: Lag = { events: 0, more: false, seconds: 0 }

const lagBehind = async (
  { adapters, now }: HealthParts,
  checkpoint: Position | undefined,
  filter: EventFilter,
): Promise<Lag> => {
  let after = checkpoint
  for (let look = 0; look < LOOKS; look++) {
    const { events, position, end } = await answer(
      adapters.store.readAll({ after, filter, limit: MOST }),
    )
    const [oldest] = events
    if (oldest !== undefined) {
      const seconds = (Date.parse(now()) - Date.parse(oldest.metadata.recordedAt)) / 1_000
      return { events: events.length, more: !end, seconds: Math.max(0, seconds) }
    }
    if (end) return NO_LAG
    after = position
  }
  return NO_LAG
}

const healthOfProjection = async (
  parts: HealthParts,
  runBy: RunBy,
  projection: Rows,
): Promise<ProjectionHealth> => {
  const { readModels } = parts.adapters
  const [checkpoint, parked, skipped] = await Promise.all([
    answer(readModels.checkpoint(projection)),
    answer(readModels.parkedKeys(projection, MOST + 1)),
    answer(readModels.skipped(projection)),
  ])
  const lag = await lagBehind(parts, checkpoint, projectionFilter(projection))
  const last = parked.at(-1)
  return {
    name: projection.name,
    version: projection.version,
    runBy,
    lag,
    parked: { rows: Math.min(parked.length, MOST), more: parked.length > MOST },
    skipped: skipped.length,
    ...(last && {
      lastError: {
        error: last.error,
        key: last.key,
        type: last.type,
        position: last.position,
        recordedAt: last.recordedAt,
      },
    }),
  }
}

const healthOfReaction = async (
  parts: HealthParts,
  runBy: RunBy,
  parked: number,
  reaction: InboxReaction,
): Promise<ReactionHealth> => {
  const { name, of } = reaction
  const written = await answer(parts.adapters.readModels.readCheckpoint(`reaction ${name}`))
  const lastFault = parts.faults.of(`reaction ${name}`)
  // Empty stands for the beginning of the log; none, for one that has not begun.
  const lag =
    written === undefined && reaction.from !== 'start'
      ? NO_LAG
      : await lagBehind(
          parts,
          written === '' ? undefined : written,
          reactionFilter(of.category, Object.keys(handlersOf(reaction))),
        )
  return { name, runBy, lag, parked, ...(lastFault && { lastFault }) }
}

const healthOfSearch = async (parts: HealthParts): Promise<SearchHealth | undefined> => {
  const checkpoint = await parts.adapters.search?.checkpoint()()
  if (checkpoint?._tag !== 'Right') return undefined
  const lastFault = parts.faults.of('search')
  const lag = await lagBehind(parts, checkpoint.right, indexedEvents)
  return { lag, ...(lastFault && { lastFault }) }
}

const reading = async (parts: HealthParts, at: IsoTime): Promise<Health> => {
  const { adapters, turns } = parts
  const leases = await answer(adapters.readModels.readLeases)
  const runBy = (name: string): RunBy => {
    if (turns.has(name)) return 'thisProcess'
    return leases.has(name) ? 'anotherProcess' : 'nobody'
  }
  const parked = await parts.parkedReactions()
  const [projections, reactions, search] = await Promise.all([
    Promise.all(
      parts.projections.map((each) =>
        healthOfProjection(
          parts,
          adapters.projectInline === undefined ? runBy(projectionTurn(each)) : 'inline',
          each,
        ),
      ),
    ),
    Promise.all(
      parts.reactions.map((each) =>
        healthOfReaction(parts, runBy(`reaction ${each.name}`), parked.get(each.name) ?? 0, each),
      ),
    ),
    healthOfSearch(parts),
  ])
  const found = { at, projections, reactions, ...(search && { search }) }
  const reasons = reasonsOf(found)
  return { status: reasons.length === 0 ? 'ok' : 'attention', reasons, ...found }
}

/** Where a store does not answer, that is the answer. */
export const readHealth = async (parts: HealthParts): Promise<Health> => {
  const at = parts.now()
  try {
    return await reading(parts, at)
  } catch (error) {
    if (!(error instanceof Faulted)) throw error
    const { fault } = error as Faulted<{ readonly type: string; readonly reason?: string }>
    const reasons = [{ type: 'Unavailable' as const, reason: fault.reason ?? fault.type }]
    return { status: 'unavailable', reasons, at, projections: [], reactions: [] }
  }
}
