/** What a screen shows beside a conversation: each section is there, or says why it is not (S-048). */
import {
  capabilityAllowed,
  hasTicketsInInbox,
  needsEdition,
  restorableUntil,
  type Account,
  type Contact,
  type CrmContact,
  type CrmFeedback,
  type CrmRecord,
  type DisplayedProperties,
  type Edition,
  type IdentityKind,
  type Property,
  type RecordReference,
  type Records,
  type TicketFacts,
} from '@threadbook/core'
import type { Erased, IsoTime } from '@threadbook/sourcing'

/** Why a section is not there. */
export type Why =
  /** Nobody is associated with the conversation (S-049). */
  | { readonly reason: 'noContact' }
  | { readonly reason: 'contactDeleted'; readonly restorableUntil: IsoTime }
  | { readonly reason: 'contactErased' }
  /** The host has connected none. */
  | { readonly reason: 'noCrm' }
  | { readonly reason: 'crmUnavailable' }
  /** The CRM does not know the contact. */
  | { readonly reason: 'notInCrm' }
  /** One can be created (S-053). */
  | { readonly reason: 'noTicket' }
  | { readonly reason: 'ticketOnItsWay' }
  /** The account's tickets are at the help desk: creating one moves the conversation there (S-060). */
  | { readonly reason: 'ticketsAtHelpDesk'; readonly mayCreate: boolean }
  | { readonly reason: 'needsEdition'; readonly capability: string; readonly edition: Edition }
  /** There is nothing to show. */
  | { readonly reason: 'none' }

export type Section<A> = ({ readonly present: true } & A) | ({ readonly present: false } & Why)

/** In the order that the account has chosen (S-055); null where the record has no value. */
export interface ShownProperty {
  readonly name: string
  readonly value: string | null
}

/** What can be done on a contact's own page (S-050). */
const contactActivities = ['email', 'call', 'note', 'task', 'meeting'] as const

export interface ContactCard {
  readonly reference: RecordReference
  readonly name: string | Erased | null
  readonly addresses: readonly { readonly kind: IdentityKind; readonly address: string | Erased }[]
  readonly url: string | null
  readonly activities: typeof contactActivities
  /** About this contact (S-055); null where the CRM does not say. */
  readonly properties: readonly ShownProperty[] | null
}

export interface TicketCard {
  readonly reference: RecordReference
  /** Null where the CRM does not know it, or does not answer. */
  readonly name: string | null
  readonly status: 'open' | 'closed'
  readonly url: string | null
  /** Asked of the CRM, and not answered yet. */
  readonly closing: boolean
  readonly deleting: boolean
  readonly properties: readonly ShownProperty[]
  /** The details panel's own (S-051, S-052). */
  readonly details: readonly ShownProperty[]
  /** S-054 */
  readonly mayDisassociate: false
}

/** As the CRM tells of it, with what a link to it needs (S-050, S-074). */
export interface LinkedRecord extends Omit<CrmRecord, 'properties'> {
  readonly reference: RecordReference
  readonly properties: readonly ShownProperty[]
}

export interface Sidebar<C> {
  readonly contact: Section<ContactCard>
  readonly tickets: Section<{ readonly tickets: readonly TicketCard[] }>
  readonly otherConversations: Section<{ readonly conversations: readonly C[] }>
  readonly otherTickets: Section<{ readonly tickets: readonly LinkedRecord[] }>
  readonly feedback: Section<{ readonly feedback: readonly CrmFeedback[] }>
  readonly deals: Section<{ readonly deals: readonly LinkedRecord[] }>
  readonly company: Section<{
    readonly reference: RecordReference
    readonly name: string
    readonly url: string | null
    readonly properties: readonly ShownProperty[]
  }>
  readonly customObjects: Section<{ readonly objects: readonly LinkedRecord[] }>
}

export interface SidebarParts<C> {
  readonly account: Account
  /** The contact, those merged into it followed; undefined where nobody is associated. */
  readonly contact:
    | {
        readonly id: string
        readonly state: Contact
        readonly name: ContactCard['name']
        readonly addresses: ContactCard['addresses']
      }
    | undefined
  /** Of the conversation, and of what was merged into it (D-24). */
  readonly records: readonly Records[]
  /** Those that the viewer may open, the latest first (S-057). */
  readonly earlier: readonly C[]
  readonly crm:
    | 'none'
    | 'unavailable'
    | {
        readonly contact: CrmContact | undefined
        /** The conversation's own tickets and deals, as many as there are. */
        readonly records: readonly CrmRecord[]
      }
}

const absent = (why: Why): { readonly present: false } & Why => ({ present: false, ...why })

const shown = (
  properties: readonly Property[],
  names: readonly string[] = properties.map(({ name }) => name),
): readonly ShownProperty[] =>
  names.map((name) => ({
    name,
    value: properties.find((each) => each.name === name)?.value ?? null,
  }))

const referring =
  (names?: readonly string[]) =>
  (record: CrmRecord): LinkedRecord => ({
    ...record,
    reference: { type: record.type, id: record.id },
    properties: shown(record.properties, names),
  })

const displayedIn = ({ account }: SidebarParts<unknown>): DisplayedProperties =>
  account.situation === 'open' ? account.displayed : {}

/** What stands in the way of everything that hangs on the contact. */
const whyNoContact = ({ contact }: SidebarParts<unknown>): Why | undefined => {
  if (contact === undefined) return { reason: 'noContact' }
  const { state } = contact
  switch (state.situation) {
    case 'present':
      return state.deleted === undefined
        ? undefined
        : { reason: 'contactDeleted', restorableUntil: restorableUntil(state.deleted.since) }
    case 'erased':
    case 'merged':
      return { reason: 'contactErased' }
    case 'absent':
      return undefined
  }
}

/** What the CRM knows around the contact, or why nothing is known. */
const aroundContact = (parts: SidebarParts<unknown>): CrmContact | Why => {
  const why = whyNoContact(parts)
  if (why !== undefined) return why
  if (parts.crm === 'none') return { reason: 'noCrm' }
  if (parts.crm === 'unavailable') return { reason: 'crmUnavailable' }
  return parts.crm.contact ?? { reason: 'notInCrm' }
}

const some = <K extends string, A>(key: K, list: readonly A[]) =>
  list.length === 0
    ? absent({ reason: 'none' })
    : ({ present: true, [key]: list } as { readonly present: true } & Readonly<
        Record<K, readonly A[]>
      >)

const ticketCard = (
  [id, facts]: readonly [string, TicketFacts],
  parts: SidebarParts<unknown>,
): TicketCard => {
  const { crm } = parts
  const records = typeof crm === 'string' ? [] : crm.records
  const found = records.find((each) => each.type === 'ticket' && each.id === id)
  const displayed = displayedIn(parts)
  const properties = found?.properties ?? []
  return {
    reference: { type: 'ticket', id },
    name: found?.name ?? null,
    status: facts.closed ? 'closed' : (found?.status ?? 'open'),
    url: found?.url ?? null,
    closing: facts.closing,
    deleting: facts.deleting,
    properties: shown(properties, displayed.ticketCard),
    details: shown(properties, displayed.ticketPanel),
    mayDisassociate: false,
  }
}

const ticketSection = (parts: SidebarParts<unknown>): Sidebar<never>['tickets'] => {
  const { account, crm, records } = parts
  const tickets = records.flatMap((each) => [...each.tickets])
  const onItsWay = records.some(({ requests }) =>
    [...requests.values()].some(
      ({ what, situation }) => what === 'ticket' && situation === 'pending',
    ),
  )
  if (!hasTicketsInInbox(account))
    return absent({
      reason: 'ticketsAtHelpDesk',
      mayCreate: tickets.length === 0 && !onItsWay && crm !== 'none',
    })
  if (tickets.length > 0)
    return { present: true, tickets: tickets.map((each) => ticketCard(each, parts)) }
  if (onItsWay) return absent({ reason: 'ticketOnItsWay' })
  return absent({ reason: crm === 'none' ? 'noCrm' : 'noTicket' })
}

const contactSection = (parts: SidebarParts<unknown>): Sidebar<never>['contact'] => {
  const { contact, crm } = parts
  const why = whyNoContact(parts)
  if (why !== undefined || contact === undefined) return absent(why ?? { reason: 'noContact' })
  const known = typeof crm === 'string' ? undefined : crm.contact
  const names = displayedIn(parts).contact
  return {
    present: true,
    reference: { type: 'contact', id: contact.id },
    name: contact.name,
    addresses: contact.addresses,
    url: known?.url ?? null,
    activities: contactActivities,
    properties: known === undefined ? null : shown(known.properties, names),
  }
}

const otherTickets = (
  parts: SidebarParts<unknown>,
  around: CrmContact | Why,
): Sidebar<never>['otherTickets'] => {
  if (!hasTicketsInInbox(parts.account))
    return absent({ reason: 'ticketsAtHelpDesk', mayCreate: false })
  if ('reason' in around) return absent(around)
  const own = new Set(parts.records.flatMap(({ tickets }) => [...tickets.keys()]))
  return some(
    'tickets',
    around.tickets.filter(({ id }) => !own.has(id)).map(referring(displayedIn(parts).ticketCard)),
  )
}

/** Those made from the conversation first, then the contact's others. */
const dealSection = (
  parts: SidebarParts<unknown>,
  around: CrmContact | Why,
): Sidebar<never>['deals'] => {
  const { records, crm } = parts
  const linked = referring(displayedIn(parts).dealCard)
  const made = new Set(records.flatMap(({ deals }) => [...deals]))
  const own = typeof crm === 'string' ? [] : crm.records.filter(({ type }) => type === 'deal')
  if ('reason' in around) return own.length > 0 ? some('deals', own.map(linked)) : absent(around)
  const others = around.deals.filter(({ id }) => !made.has(id))
  return some('deals', [...own, ...others].map(linked))
}

const companySection = (
  parts: SidebarParts<unknown>,
  around: CrmContact | Why,
): Sidebar<never>['company'] => {
  if ('reason' in around) return absent(around)
  const { company } = around
  if (company === undefined) return absent({ reason: 'none' })
  const names = displayedIn(parts).companyCard
  return {
    present: true,
    reference: { type: 'company', id: company.id },
    name: company.name,
    url: company.url ?? null,
    properties: shown(company.properties, names),
  }
}

/** S-006, S-063 */
const customObjects = (
  { account }: SidebarParts<unknown>,
  around: CrmContact | Why,
): Sidebar<never>['customObjects'] => {
  if (account.situation === 'open' && !capabilityAllowed('customObjects', account.edition)) {
    const { capability, edition } = needsEdition('customObjects')
    return absent({ reason: 'needsEdition', capability, edition })
  }
  return 'reason' in around
    ? absent(around)
    : some('objects', around.customObjects.map(referring()))
}

export const sidebar = <C>(parts: SidebarParts<C>): Sidebar<C> => {
  const around = aroundContact(parts)
  const why = whyNoContact(parts)
  return {
    contact: contactSection(parts),
    tickets: ticketSection(parts),
    otherConversations: why === undefined ? some('conversations', parts.earlier) : absent(why),
    otherTickets: otherTickets(parts, around),
    feedback: 'reason' in around ? absent(around) : some('feedback', around.feedback),
    deals: dealSection(parts, around),
    company: companySection(parts, around),
    customObjects: customObjects(parts, around),
  }
}
