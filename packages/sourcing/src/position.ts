import type { Position } from './event.js'

// As wide as the largest exact integer, so that positions of one log sort as text.
const DIGITS = 16

/** The position of a log that counts its events: 1 for the first. */
export const countedPosition = (count: number): Position =>
  String(count).padStart(DIGITS, '0') as Position

/** The count behind such a position; 0 where there is none. */
export const positionCount = (position: Position | undefined): number =>
  position === undefined ? 0 : Number(position)
