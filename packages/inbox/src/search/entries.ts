/** From events of the log to entries of the search index: opened with the vault's keys. */
import { conversations, type ConversationEvent } from '@threadbook/core'
import { entryOf, readSource, searchKeys } from '@threadbook/projection-views'
import {
  decodeEvent,
  type Adapters,
  type EntryPlace,
  type KeyId,
  type RecordedEvent,
  type SearchChange,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../fault.js'

export type ConversationRecord = RecordedEvent<ConversationEvent>

const decode = decodeEvent(conversations.events)

/** Undefined for what this software cannot read: it is not found by its words. */
export const readable = (stored: RecordedEvent): ConversationRecord | undefined => {
  const event = decode(stored)
  return E.isRight(event) ? event.right : undefined
}

/** The vault's keys, but for some that are to be forgotten. */
export const keysBut = async (
  { vault }: Adapters,
  ids: Iterable<KeyId>,
  forgotten: readonly KeyId[] = [],
): Promise<ReadonlyMap<KeyId, Uint8Array>> => {
  const found = new Map(await answer(vault.read(ids)))
  for (const id of forgotten) found.delete(id)
  return found
}

/** The event that an entry's text, or a hit, comes from. */
export const sourceEvent = async (
  { store }: Adapters,
  source: string,
): Promise<ConversationRecord | undefined> => {
  const { stream, revision } = readSource(source)
  const { events } = await answer(store.readStream(stream, { from: revision, limit: 1 }))
  return events[0] && readable(events[0])
}

/** Entries anew, without what these keys opened; gone, where nothing is left to read. */
export const redone = async (
  adapters: Adapters,
  places: readonly EntryPlace[],
  forgotten: readonly KeyId[],
): Promise<readonly SearchChange[]> => {
  const changes: SearchChange[] = []
  for (const { id, row, source } of places) {
    const event = source === '' ? undefined : await sourceEvent(adapters, source)
    const entry =
      event && entryOf(event, await keysBut(adapters, searchKeys(event), forgotten), row)
    changes.push(entry === undefined ? { type: 'remove', id } : { type: 'put', entry })
  }
  return changes
}
