/** What a screen shows beside a conversation, gathered for one viewer. */
import {
  accounts,
  contacts,
  conversations,
  type Contact,
  type CrmContact,
  type CrmRecord,
  type NoAccess,
  type RecordReference,
} from '@threadbook/core'
import { recordsOf, sidebar, type Sidebar, type SidebarParts } from '@threadbook/projection-contact'
import type { ConversationRow, ListItem } from '@threadbook/projection-views'
import { filters, type CommandFault, type KeyedRow } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { conversationNotToBeSeen, scopeSeen } from './access.js'
import { contactTexts } from './contact-addresses.js'
import type { Door } from './door.js'
import { answer, answering } from './fault.js'
import { stateOf } from './state-of.js'
import type { NoSuchThread, ThreadRequest } from './thread.js'
import { itemsOf, rows } from './list-items.js'
import { withSources } from './with-sources.js'

export type ReadSidebar = E.Either<NoSuchThread | NoAccess | CommandFault, Sidebar<ListItem>>

/** Earlier conversations that are shown, at most. */
const EARLIER = 50
/** Longer chains of merged contacts than this lead nowhere. */
const LONGEST_CHAIN = 64

const { and, is, isOneOf } = filters

/** The contact, or the one that it was merged into. */
const lastContact = async (door: Door, id: string): Promise<{ id: string; state: Contact }> => {
  let found = { id, state: await stateOf(door, contacts, id) }
  for (let hops = 0; found.state.situation === 'merged' && hops < LONGEST_CHAIN; hops++) {
    const { into } = found.state
    found = { id: into, state: await stateOf(door, contacts, into) }
  }
  return found
}

/** S-057: what the team works on or has closed; neither spam nor what is in Trash. */
const earlier = async (
  door: Door,
  contact: string,
  conversationId: string,
  viewer: string | undefined,
): Promise<readonly ListItem[]> => {
  const seen = await scopeSeen(door, viewer, undefined)
  const inboxes = E.isRight(seen) ? seen.right : []
  const found = await answer(
    door.adapters.readModels.find(rows, {
      where: and(
        is('account', door.account),
        ...(inboxes === undefined ? [] : [isOneOf('inbox', [inboxes].flat())]),
        is('contact', contact),
        is('merged', false),
        is('trashed', false),
        is('spam', false),
      ),
      order: { column: 'lastMessageAt', direction: 'descending' },
      limit: EARLIER + 1,
    }),
  )
  const others = found.filter(({ key }) => key !== conversationId).slice(0, EARLIER)
  return itemsOf(door, others as unknown as readonly KeyedRow<ConversationRow>[], viewer)
}

const fromCrm = async (
  { crm, account }: Door,
  contact: string | undefined,
  wanted: readonly RecordReference[],
): Promise<SidebarParts<ListItem>['crm']> => {
  if (crm === undefined) return 'none'
  const [about, records] = await Promise.all([
    contact === undefined
      ? E.right<never, CrmContact | undefined>(undefined)
      : crm.contact(account, contact)(),
    wanted.length === 0
      ? E.right<never, readonly (CrmRecord | undefined)[]>([])
      : crm.records(account, wanted)(),
  ])
  if (E.isLeft(about) || E.isLeft(records)) return 'unavailable'
  return {
    contact: about.right,
    records: records.right.filter((each): each is CrmRecord => each !== undefined),
  }
}

export const readSidebar = (
  door: Door,
  conversationId: string,
  { viewer }: ThreadRequest = {},
): Promise<ReadSidebar> =>
  answering(async (): Promise<ReadSidebar> => {
    const unseen = await conversationNotToBeSeen(door, viewer, conversationId)
    if (unseen !== undefined) return E.left(unseen)
    const state = await stateOf(door, conversations, conversationId)
    if (state.situation !== 'present') return E.left({ type: 'NoSuchThread', conversationId })
    const parts = await withSources(door, state)
    const account = await stateOf(door, accounts, door.account)
    const contact = state.contact === undefined ? undefined : await lastContact(door, state.contact)
    const texts = contact && (await contactTexts(door, contact.id))
    const wanted = parts.flatMap(recordsOf).filter(({ type }) => type !== 'contact')
    const [others, crm] = await Promise.all([
      contact === undefined ? [] : earlier(door, contact.id, conversationId, viewer),
      fromCrm(door, contact?.id, wanted),
    ])
    return E.right(
      sidebar({
        account,
        contact: contact && {
          ...contact,
          name: texts?.name ?? null,
          addresses: texts?.addresses ?? [],
        },
        records: parts.map(({ records }) => records),
        earlier: others,
        crm,
      }),
    )
  })
