/** What an account's stream holds: what it is subscribed to, and its policies. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { Edition } from '../vocabulary.js'
import { DisplayPlace } from './displayed-properties.js'

const AccountOpened = event('AccountOpened', {
  /** A calendar day in its own zone, as 2024-04-01 (D-11). */
  createdOn: t.string,
  /** An IANA zone. */
  zone: t.string,
  edition: Edition,
})
const EditionChanged = event('EditionChanged', { edition: Edition })
/** How long Trash and Spam keep (D-06). */
const RetentionChanged = event('RetentionChanged', {
  trashDays: t.number,
  spamDays: t.number,
})
/** Policies left out stay as they are. */
const AccountPoliciesChanged = event(
  'AccountPoliciesChanged',
  {},
  /** Whether mail whose References name two conversations joins them (D-23). */
  {
    mergeByReferences: t.boolean,
    /** Whether who goes Away hands over what is open (D-19). */
    handOverWhenAway: t.boolean,
  },
)

/** S-052, S-055, S-056: what was shown at this place before is shown no more. */
const DisplayedPropertiesChanged = event('DisplayedPropertiesChanged', {
  place: DisplayPlace,
  /** Names in the order they are shown in. */
  properties: t.readonlyArray(t.string),
})

export const accountEvents = eventTypes(
  AccountOpened,
  EditionChanged,
  RetentionChanged,
  AccountPoliciesChanged,
  DisplayedPropertiesChanged,
)
export type AccountEvent = EventsOf<typeof accountEvents>
