import type { Position } from '@threadbook/sourcing'
import type { LogPosition } from './client.js'

// As wide as the largest number the protocol can hold, so that positions sort as text.
const DIGITS = 20
const POSITION = /^(\d{20})\/(\d{20})$/

const digits = (number: bigint): string => number.toString().padStart(DIGITS, '0')

export const toPosition = ({ commit, prepare }: LogPosition): Position =>
  `${digits(commit)}/${digits(prepare)}` as Position

/** Throws for what is no position of this log: it would be read as some other place. */
export const fromPosition = (position: Position): LogPosition => {
  const [, commit, prepare] = POSITION.exec(position) ?? []
  if (commit === undefined || prepare === undefined)
    throw new Error(`position: expected commit/prepare of an EventStoreDB log, got ${position}`)
  return { commit: BigInt(commit), prepare: BigInt(prepare) }
}
