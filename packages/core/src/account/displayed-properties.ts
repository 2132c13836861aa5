/** Which properties of a record are shown where. */
import * as t from 'io-ts'

/**
 * `contact` is shown in two places, the sidebar and the contact's own page (S-055); a ticket's card
 * and its details panel are apart (S-052).
 */
export const DisplayPlace = t.keyof(
  { contact: null, ticketCard: null, ticketPanel: null, dealCard: null, companyCard: null },
  'DisplayPlace',
)
export type DisplayPlace = t.TypeOf<typeof DisplayPlace>

/** Names of properties in their order. A place that is not named shows all there are. */
export type DisplayedProperties = { readonly [P in DisplayPlace]?: readonly string[] }
