/** These name no account: it is the one they are sent to. */
import * as t from 'io-ts'
import { asking, request, type RequestOf } from '../request.js'
import { CalendarDay, Edition, Id, Zone } from '../vocabulary.js'
import { DisplayPlace } from './displayed-properties.js'

const isDays = (u: unknown): u is number =>
  Number.isInteger(u) && (u as number) >= 1 && (u as number) <= 36_500
export const Days = new t.Type<number>(
  'a whole number of days from 1 to 36500',
  isDays,
  (u, c) => (isDays(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

const OpenAccount = request('OpenAccount', {
  createdOn: CalendarDay,
  zone: Zone,
  edition: Edition,
})
export type OpenAccount = RequestOf<typeof OpenAccount>
export const openAccount = asking(OpenAccount)

const ChangeEdition = request('ChangeEdition', { edition: Edition })
type ChangeEdition = RequestOf<typeof ChangeEdition>
export const changeEdition = asking(ChangeEdition)

/** What is left out stays as it is. */
const ChangeRetention = request('ChangeRetention', {}, { trashDays: Days, spamDays: Days })
type ChangeRetention = RequestOf<typeof ChangeRetention>
export const changeRetention = asking(ChangeRetention)

const ChangeAccountPolicies = request(
  'ChangeAccountPolicies',
  {},
  { mergeByReferences: t.boolean, handOverWhenAway: t.boolean },
)
type ChangeAccountPolicies = RequestOf<typeof ChangeAccountPolicies>
export const changeAccountPolicies = asking(ChangeAccountPolicies)

/** S-052, S-056: a name that comes twice counts where it comes first. */
const ChangeDisplayedProperties = request('ChangeDisplayedProperties', {
  place: DisplayPlace,
  properties: t.readonlyArray(Id),
})
export type ChangeDisplayedProperties = RequestOf<typeof ChangeDisplayedProperties>
export const changeDisplayedProperties = asking(ChangeDisplayedProperties)

export const accountRequests = [
  OpenAccount,
  ChangeEdition,
  ChangeRetention,
  ChangeAccountPolicies,
  ChangeDisplayedProperties,
] as const

export type AccountCommand =
  OpenAccount | ChangeEdition | ChangeRetention | ChangeAccountPolicies | ChangeDisplayedProperties

export interface AccountRefusal {
  readonly type: 'NoSuchAccount' | 'AccountExists'
}
