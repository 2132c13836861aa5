/** When somebody is there, and how much they take. */
import * as t from 'io-ts'
import { WorkingHours } from '../hours/working-hours.js'
import { asking, request, type RequestOf } from '../request.js'
import { Id, IsoTime } from '../vocabulary.js'
import { Availability } from './events.js'

const user = { userId: Id }

const isCapacity = (u: unknown): u is number =>
  Number.isInteger(u) && (u as number) >= 0 && (u as number) <= 10_000
export const Capacity = new t.Type<number>(
  'a whole number from 0 to 10000',
  isCapacity,
  (u, c) => (isCapacity(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

const ChangeAvailability = request('ChangeAvailability', { ...user, availability: Availability })
type ChangeAvailability = RequestOf<typeof ChangeAvailability>
export const changeAvailability = asking(ChangeAvailability)

/** Without hours: none from now on. */
const ChangeWorkingHours = request('ChangeWorkingHours', user, { hours: WorkingHours })
type ChangeWorkingHours = RequestOf<typeof ChangeWorkingHours>
export const changeWorkingHours = asking(ChangeWorkingHours)

const SetOutOfOffice = request('SetOutOfOffice', { ...user, from: IsoTime, until: IsoTime })
export type SetOutOfOffice = RequestOf<typeof SetOutOfOffice>
export const setOutOfOffice = asking(SetOutOfOffice)

const ClearOutOfOffice = request('ClearOutOfOffice', user)
type ClearOutOfOffice = RequestOf<typeof ClearOutOfOffice>
export const clearOutOfOffice = asking(ClearOutOfOffice)

/** Without a number: as many as there are. */
const ChangeCapacity = request('ChangeCapacity', user, { conversations: Capacity })
type ChangeCapacity = RequestOf<typeof ChangeCapacity>
export const changeCapacity = asking(ChangeCapacity)

export const presenceRequests = [
  ChangeAvailability,
  ChangeWorkingHours,
  SetOutOfOffice,
  ClearOutOfOffice,
  ChangeCapacity,
] as const

export type PresenceCommand =
  ChangeAvailability | ChangeWorkingHours | SetOutOfOffice | ClearOutOfOffice | ChangeCapacity
