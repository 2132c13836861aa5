import type { ParkedKey, SkippedEvent } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { answer, answering } from '../fault.js'
import { limitMeant, projectionsMeant, type Asked, type ProjectionParts } from './projections.js'

export interface ParkedRow extends ParkedKey {
  readonly projection: string
}

export interface SkippedRow extends SkippedEvent {
  readonly projection: string
}

export interface ParkedRequest {
  /** All of them unless told. */
  readonly projection?: string | undefined
  /** 1 to 1,000; 100 unless told. */
  readonly limit?: number | undefined
}

/**
 * The rows that stand still because an event broke there, by projection, the event that broke first
 * first. What waits behind it is counted.
 */
export const readParked = (
  parts: ProjectionParts,
  { projection, limit }: ParkedRequest = {},
): Asked<readonly ParkedRow[]> =>
  answering(async () => {
    const most = limitMeant(limit)
    if (E.isLeft(most)) return most
    const meant = projectionsMeant(parts, projection)
    if (E.isLeft(meant)) return meant
    const found: ParkedRow[] = []
    for (const each of meant.right) {
      const left = most.right - found.length
      if (left === 0) break
      for (const parked of await answer(parts.readModels.parkedKeys(each, left)))
        found.push({ projection: each.name, ...parked })
    }
    return E.right(found)
  })

/** What was passed over for good, by projection, in the order of the log. */
export const readSkipped = (
  parts: ProjectionParts,
  { projection }: Pick<ParkedRequest, 'projection'> = {},
): Asked<readonly SkippedRow[]> =>
  answering(async () => {
    const meant = projectionsMeant(parts, projection)
    if (E.isLeft(meant)) return meant
    const found: SkippedRow[] = []
    for (const each of meant.right)
      for (const skipped of await answer(parts.readModels.skipped(each)))
        found.push({ projection: each.name, ...skipped })
    return E.right(found)
  })
