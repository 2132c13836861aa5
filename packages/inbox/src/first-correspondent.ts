/** Who is at the other end of a conversation, in plain text: read from its first message. */
import { conversations, type Correspondent, type IdentityKind, type Person } from '@threadbook/core'
import { copySealed, isErased, streamName, unseal, type RecordedEvent } from '@threadbook/sourcing'
import type { Door } from './door.js'
import { answer } from './fault.js'

export interface FoundCorrespondent {
  readonly kind: IdentityKind
  readonly identity: string
  readonly person: Person
}

const KINDS: Readonly<Record<string, IdentityKind>> = {
  email: 'email',
  form: 'email',
  chat: 'chat',
  messenger: 'messenger',
  call: 'phone',
}

/** A form may ask for an address, or for a number alone. */
const kindOf = (channel: string, { address }: Person): IdentityKind | undefined =>
  channel === 'form' && !address.includes('@') ? 'phone' : KINDS[channel]

/** The first message is among these: before it stands only that the conversation started. */
const FIRST_EVENTS = 10

const correspondentIn = ({ type, data }: RecordedEvent) => {
  if (type === 'MessageReceived')
    return { ...(data as { from: Correspondent; channel: string }), path: 'from.who' }
  if (type !== 'MessageSent') return undefined
  const { to, channel } = data as { to: readonly Correspondent[]; channel: string }
  return to[0] && { from: to[0], channel, path: 'to.0.who' }
}

/** Undefined where there is none, or where the content is gone. */
export const firstCorrespondent = async (
  { adapters, account }: Door,
  conversationId: string,
): Promise<FoundCorrespondent | undefined> => {
  const stream = streamName(conversations.category, account, conversationId)
  const { events } = await answer(adapters.store.readStream(stream, { limit: FIRST_EVENTS }))
  for (const event of events) {
    const found = correspondentIn(event)
    if (found === undefined) continue
    const copy = copySealed(found.from.who, event.id, found.path)
    const person = unseal(copy, await answer(adapters.vault.read([copy.k])))
    if (isErased(person) || person.address === '') return undefined
    const kind = kindOf(found.channel, person)
    if (kind === undefined) return undefined
    return { kind, identity: found.from.identity, person }
  }
  return undefined
}
