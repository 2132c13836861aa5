/** What a slice of the log changes in the search index. */
import { conversations } from '@threadbook/core'
import {
  contactEntryId,
  entryId,
  entryOf,
  searchKeys,
  type ContactNameRow,
  type ConversationRow,
} from '@threadbook/projection-views'
import {
  columnText,
  filters,
  indexedText,
  isErased,
  streamId,
  streamPrefix,
  unseal,
  type EventFilter,
  type KeyId,
  type RecordedEvent,
  type SearchChange,
} from '@threadbook/sourcing'
import type { Door } from '../door.js'
import { answer } from '../fault.js'
import { stateOf } from '../state-of.js'
import { names, rows } from '../list-items.js'
import { keysBut, readable, type ConversationRecord } from './entries.js'
import { erasedChanges, purgedChange } from './unlearn.js'

/** Raised with every change of what is indexed, or how: the index is then made anew. */
export const INDEX_VERSION = 1

const CONTACT_TYPES = ['ContactNamed', 'IdentityAdded', 'IdentityRemoved', 'ContactErased']

export const indexedEvents: EventFilter = {
  types: [
    'ConversationStarted',
    'MessageReceived',
    'MessageSent',
    'MessageForwarded',
    'CommentAdded',
    'MessageHidden',
    'MessageUnhidden',
    'Purged',
    'MergedInto',
    'Unmerged',
    'ContactAssociated',
    'ContactDisassociated',
    ...CONTACT_TYPES,
  ],
  streamPrefixes: [streamPrefix('conversation'), streamPrefix('contact')],
}

/** A contact with more conversations is found by its name in those that are looked at first. */
const MOST_OF_A_CONTACT = 10_000
const LONGEST_CHAIN = 64

/** The row that finds what was written in a conversation: of what it was merged into. */
const rowOf = async (door: Door, conversationId: string): Promise<string> => {
  let id = conversationId
  for (let hops = 0; hops < LONGEST_CHAIN; hops++) {
    const state = await stateOf(door, conversations, id)
    if (state.situation !== 'present' || state.mergedInto === undefined) return id
    id = state.mergedInto
  }
  return id
}

/** A conversation with all that was merged into it, and into those. */
const withSources = async (door: Door, conversationId: string): Promise<readonly string[]> => {
  const state = await stateOf(door, conversations, conversationId)
  const sources = state.situation === 'present' ? [...state.sources] : []
  const all = [conversationId]
  for (const source of sources) all.push(...(await withSources(door, source)))
  return all
}

/** A message that is shown again, from where it was written. */
const shownAgain = async (
  door: Door,
  stream: string,
  messageId: string,
): Promise<SearchChange[]> => {
  const { events } = await answer(door.adapters.store.readStream(stream))
  const event = events
    .map(readable)
    .find(
      (each): each is ConversationRecord =>
        each !== undefined &&
        (each.type === 'MessageReceived' ||
          each.type === 'MessageSent' ||
          each.type === 'MessageForwarded') &&
        each.data.messageId === messageId,
    )
  if (event === undefined) return []
  const row = await rowOf(door, streamId(stream))
  const entry = entryOf(event, await keysBut(door.adapters, searchKeys(event)), row)
  return entry === undefined ? [] : [{ type: 'put', entry }]
}

const ofConversation = async (
  door: Door,
  event: ConversationRecord,
  keys: ReadonlyMap<KeyId, Uint8Array>,
): Promise<readonly SearchChange[]> => {
  const conversation = streamId(event.stream)
  if (event.type === 'MessageHidden')
    return [{ type: 'remove', id: entryId(conversation, event.data.messageId) }]
  if (event.type === 'MessageUnhidden') return shownAgain(door, event.stream, event.data.messageId)
  if (event.type === 'Purged') return [purgedChange(event)]
  if (event.type === 'MergedInto')
    return [{ type: 'moveRow', from: columnText(conversation), to: columnText(event.data.target) }]
  if (event.type === 'Unmerged')
    return (await withSources(door, conversation)).map((origin) => ({
      type: 'moveOrigin',
      origin: columnText(origin),
      to: columnText(conversation),
    }))
  const entry = entryOf(event, keys)
  return entry === undefined ? [] : [{ type: 'put', entry }]
}

type Row = ConversationRow & Record<string, unknown>

/** The conversations of a contact, as far as they are indexed. */
const conversationsOf = async (door: Door, contact: string): Promise<readonly string[]> => {
  const { and, is } = filters
  const found = await answer(
    door.adapters.readModels.find(rows, {
      where: and(is('account', door.account), is('contact', contact)),
      order: { column: 'contact', direction: 'ascending' },
      limit: MOST_OF_A_CONTACT,
    }),
  )
  return found.map(({ key }) => key)
}

/** What the contacts of these conversations are called now: an entry each. */
const contactEntries = async (
  doorOf: (account: string) => Door,
  adapters: Door['adapters'],
  conversationIds: readonly string[],
): Promise<readonly SearchChange[]> => {
  const found = (await answer(adapters.readModels.get(rows, conversationIds))) as ReadonlyMap<
    string,
    Row
  >
  const contacts = new Set([...found.values()].flatMap(({ contact }) => contact ?? []))
  const known = (await answer(
    adapters.readModels.get(names, [...contacts]),
  )) as unknown as ReadonlyMap<string, ContactNameRow>
  const copiesOf = ({ name, addresses }: ContactNameRow) => [
    ...(name === null ? [] : [name]),
    ...addresses.map(({ address }) => address),
  ]
  const keys = await keysBut(
    adapters,
    new Set([...known.values()].flatMap((row) => copiesOf(row).map(({ k }) => k))),
  )
  const changes: SearchChange[] = []
  for (const id of conversationIds) {
    const row = found.get(id)
    const contact = known.get(row?.contact ?? '')
    const copies = contact === undefined ? [] : copiesOf(contact)
    const texts = copies.flatMap((copy) => {
      const opened = unseal(copy, keys)
      return isErased(opened) ? [] : [opened]
    })
    const text = indexedText(texts)
    const entry = contactEntryId(id)
    if (row === undefined || text === '') changes.push({ type: 'remove', id: entry })
    else
      changes.push({
        type: 'put',
        entry: {
          id: entry,
          row: columnText(row.merged ? await rowOf(doorOf(row.account), id) : id),
          origin: columnText(id),
          source: '',
          text,
          keys: copies.map(({ k }) => k),
        },
      })
  }
  return changes
}

const isOfContact = ({ type }: RecordedEvent): boolean => CONTACT_TYPES.includes(type)
const CONTACT_OF: ReadonlySet<string> = new Set([
  'ConversationStarted',
  'ContactAssociated',
  'ContactDisassociated',
])

/** For events of a slice, whose rows are up to date. */
export const changesOf = async (
  doorOf: (account: string) => Door,
  adapters: Door['adapters'],
  events: readonly RecordedEvent[],
): Promise<readonly SearchChange[]> => {
  const read = events.map((event) => (isOfContact(event) ? undefined : readable(event)))
  const keys = await keysBut(
    adapters,
    new Set(read.flatMap((event) => (event === undefined ? [] : searchKeys(event)))),
  )
  const changes: SearchChange[] = []
  const renamed = new Map<string, Door>()
  const named = new Set<string>()
  for (const [index, stored] of events.entries()) {
    const event = read[index]
    const door = doorOf(stored.metadata.account)
    if (event !== undefined) {
      changes.push(...(await ofConversation(door, event, keys)))
      if (CONTACT_OF.has(event.type)) named.add(streamId(event.stream))
    }
    if (!isOfContact(stored)) continue
    renamed.set(streamId(stored.stream), door)
    if (stored.type === 'ContactErased')
      changes.push(...(await erasedChanges(adapters, (stored.data as { keys: KeyId[] }).keys)))
  }
  for (const [contact, door] of renamed)
    for (const id of await conversationsOf(door, contact)) named.add(id)
  changes.push(...(await contactEntries(doorOf, adapters, [...named])))
  return changes
}
