/** Where answers by e-mail go (domain.md, § 4): asked of the conversation's own events. */
import {
  contacts,
  type ConversationEvent,
  type Content,
  type Correspondent,
  type Person,
} from '@threadbook/core'
import {
  copySealed,
  decodeEvent,
  Faulted,
  isErased,
  streamName,
  unseal,
  type RecordedEvent,
  type Sealed,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'
import { answer } from '../fault.js'

type Event = RecordedEvent<ConversationEvent>

/** Plain text, or nothing where its key is gone. */
const opened = async <A>(
  { adapters }: Door,
  { id }: { readonly id: string },
  value: Sealed<A>,
  path: string,
): Promise<A | undefined> => {
  const copy = copySealed(value, id, path)
  const plain = unseal(copy, await answer(adapters.vault.read([copy.k])))
  return isErased(plain) ? undefined : plain
}

const whoIs = async (
  door: Door,
  event: Event,
  { who }: Correspondent,
  path: string,
): Promise<readonly Person[]> => {
  const person = await opened(door, event, who, `${path}.who`)
  return person === undefined || person.address === '' ? [] : [person]
}

/** Reply-To before From; but automatic mail is answered, if at all, to whom From names. */
const senderOf = async (
  door: Door,
  event: Extract<Event, { readonly type: 'MessageReceived' }>,
): Promise<readonly Person[]> => {
  const { channel, mailClass, from, content } = event.data
  if (channel === 'email' && mailClass !== 'automatic') {
    const { replyTo = [] } = ((await opened(door, event, content, 'content')) ?? {}) as Content
    if (replyTo.length > 0) return replyTo
  }
  return whoIs(door, event, from, 'from')
}

const byMail = ({ type, data }: Event): boolean => {
  if (type === 'ReplyChannelSwitched') return true
  if (type === 'MessageSent') return data.channel === 'email' && data.to.length > 0
  return (
    type === 'MessageReceived' &&
    (data.channel === 'email' || data.channel === 'form') &&
    data.filtered === undefined &&
    data.mailClass !== 'bounce'
  )
}

const addressesIn = async (door: Door, event: Event): Promise<readonly Person[]> => {
  if (event.type === 'ReplyChannelSwitched') return whoIs(door, event, event.data.to, 'to')
  if (event.type === 'MessageReceived') return senderOf(door, event)
  if (event.type !== 'MessageSent') return []
  const people = await Promise.all(
    event.data.to.map((each, n) => whoIs(door, event, each, `to.${String(n)}`)),
  )
  return people.flat()
}

/** The contact's own address that was known first. */
const addressOfContact = async (door: Door, contact: string): Promise<readonly Person[]> => {
  const stream = streamName(contacts.category, door.account, contact)
  const { events } = await answer(door.adapters.store.readStream(stream))
  const decode = decodeEvent(contacts.events)
  const addresses = new Map<string, Person>()
  for (const stored of events) {
    const event = decode(stored)
    if (E.isLeft(event)) throw new Faulted(event.left)
    const { type, data } = event.right
    if (type === 'IdentityRemoved') addresses.delete(data.identity)
    if (type !== 'IdentityAdded' || data.kind !== 'email') continue
    const address = await opened(door, event.right, data.address, 'address')
    if (address !== undefined) addresses.set(data.identity, { address })
  }
  return [...addresses.values()].slice(0, 1)
}

/**
 * Whom an answer goes to: who wrote last by mail or by form, or whom the channel was switched to,
 * whichever is later; where nobody did, whom the team wrote to; else the contact's own address.
 */
export const answerTo = async (
  door: Door,
  events: readonly Event[],
  contact: string | undefined,
): Promise<readonly Person[]> => {
  const candidates = events.filter(byMail)
  const rank = ({ type, metadata }: Event): string =>
    `${type === 'MessageSent' ? '0' : '1'}${metadata.occurredAt}`
  // Sorting keeps the order of writing where times are equal; the last is asked first.
  const inOrder = [...candidates].sort((a, b) => rank(a).localeCompare(rank(b)))
  for (const event of inOrder.reverse()) {
    const people = await addressesIn(door, event)
    if (people.length > 0) return people
  }
  return contact === undefined ? [] : addressOfContact(door, contact)
}
