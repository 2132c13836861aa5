import type { IsoTime } from '@threadbook/sourcing'
import type { Door } from './door.js'

export interface Times {
  /** When it happened: never later than `now`. */
  readonly at: IsoTime
  readonly now: IsoTime
}

export const timesOf = (door: Door, at?: IsoTime): Times => {
  const now = door.now()
  return { now, at: at !== undefined && at < now ? at : now }
}
