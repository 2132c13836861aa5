/** The Message-IDs that a conversation holds, read from its messages: a claim's name tells none. */
import {
  conversations,
  inboxes,
  inboxSettings,
  type Content,
  type InboxSettings,
} from '@threadbook/core'
import {
  copySealed,
  isErased,
  streamName,
  unseal,
  type RecordedEvent,
  type Sealed,
} from '@threadbook/sourcing'
import { answer } from './fault.js'
import { messageClaimOf, sentMessageId } from './message-ids.js'
import type { Step } from './steps/step.js'

interface MessageData {
  readonly messageId: string
  readonly channel: string
  readonly kind?: string
  readonly content: Sealed<Content>
}

export interface ClaimToMake {
  readonly claim: string
  /** Of the message that has this id; absent where it is only referred to. */
  readonly messageId?: string
}

/** Of the references of one message, so many are claimed. */
const MOST_REFERENCES = 30

const isMessage = ({ type }: RecordedEvent): boolean =>
  type === 'MessageReceived' || type === 'MessageSent'

const idsIn = (
  { messageId, kind }: MessageData,
  { sourceId, references = [] }: Partial<Content>,
  settings: InboxSettings | undefined,
): readonly (readonly [id: string, messageId?: string])[] => {
  const own =
    kind === undefined || kind === 'logged' ? sourceId : sentMessageId(messageId, settings)
  return [
    ...(own === undefined ? [] : [[own, messageId] as const]),
    ...references.slice(0, MOST_REFERENCES).map((id) => [id] as const),
  ]
}

/** Claims in the inbox `to` for the ids of a conversation's mail; each once, its own ids first. */
export const messageIdsOf = async (
  { door, transaction, mac }: Step,
  conversationId: string,
  to: string,
): Promise<readonly ClaimToMake[]> => {
  const { adapters, account } = door
  const stream = streamName(conversations.category, account, conversationId)
  const { events } = await answer(adapters.store.readStream(stream))
  const state = await transaction.load(conversations, conversationId)
  const from = state.situation === 'present' ? state.inbox : door.inbox
  const settings = inboxSettings(await transaction.load(inboxes, from))
  const mails = events.filter(
    (event) => isMessage(event) && (event.data as MessageData).channel === 'email',
  )
  const copies = mails.map(({ id, data }) =>
    copySealed((data as MessageData).content, id, 'content'),
  )
  const keys = await answer(adapters.vault.read([...new Set(copies.map(({ k }) => k))]))
  const claims = new Map<string, ClaimToMake>()
  for (const [index, { data }] of mails.entries()) {
    const content = unseal(copies[index]!, keys)
    const found = isErased(content) ? {} : content
    for (const [id, messageId] of idsIn(data as MessageData, found, settings)) {
      const claim = messageClaimOf(mac, to, id)
      if (messageId !== undefined) claims.set(claim, { claim, messageId })
      else if (!claims.has(claim)) claims.set(claim, { claim })
    }
  }
  return [...claims.values()]
}
