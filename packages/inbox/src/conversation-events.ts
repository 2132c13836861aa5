/** A conversation's events as the code of today knows them. */
import { conversations, type ConversationEvent } from '@threadbook/core'
import {
  copySealed,
  decodeEvent,
  Faulted,
  isSealedData,
  streamName,
  unseal,
  type Erased,
  type RecordedEvent,
  type Sealed,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'
import { answer } from './fault.js'

export type ConversationHistory = readonly RecordedEvent<ConversationEvent>[]

const decode = decodeEvent(conversations.events)

/** None where there is no such conversation. */
export const historyOf = async (
  { adapters, account }: Pick<Door, 'adapters' | 'account'>,
  conversationId: string,
): Promise<ConversationHistory> => {
  const stream = streamName(conversations.category, account, conversationId)
  const { events } = await answer(adapters.store.readStream(stream))
  return events.map((stored) => {
    const event = decode(stored)
    if (E.isLeft(event)) throw new Faulted(event.left)
    return event.right
  })
}

/** One sealed field of a stored event. */
export const opened = async <A>(
  { adapters }: Pick<Door, 'adapters'>,
  { id }: Pick<RecordedEvent, 'id'>,
  value: Sealed<A>,
  path: string,
): Promise<A | Erased> => {
  if (!isSealedData(value)) throw new Error(`${path}: expected a sealed value as it is stored`)
  const copy = copySealed<A>(value, id, path)
  return unseal(copy, await answer(adapters.vault.read([copy.k])))
}
