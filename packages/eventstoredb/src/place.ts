/** How far a reader is: what to resume from, and never too far. */
import type { Position } from '@threadbook/sourcing'

export interface Place {
  readonly position: () => Position | undefined
  readonly sawEvent: (position: Position) => void
  readonly sawCheckpoint: (position: Position) => void
  /** Nothing up to `end` is missing any more. */
  readonly sawAllUpTo: (end: Position | undefined) => void
}

const isBeyond = (position: Position, place: Position | undefined): boolean =>
  place === undefined || position > place

/**
 * Servers were released whose checkpoints ran ahead of their events: one counts only when what
 * comes next does not belie it, and events always count.
 */
export const startingAt = (after: Position | undefined): Place => {
  let place = after
  let claimed: Position | undefined
  const moveTo = (position: Position) => {
    if (isBeyond(position, place)) place = position
  }
  return {
    position: () => place,
    sawEvent: (position) => {
      claimed = undefined
      place = position
    },
    sawCheckpoint: (position) => {
      if (claimed !== undefined) moveTo(claimed)
      if (isBeyond(position, place)) claimed = position
    },
    sawAllUpTo: (end) => {
      if (claimed !== undefined) moveTo(claimed)
      claimed = undefined
      if (end !== undefined) moveTo(end)
    },
  }
}
