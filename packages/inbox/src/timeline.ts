/** What is logged on a record, read from the conversations that are associated with it. */
import type { RecordReference } from '@threadbook/core'
import {
  recordKey,
  recordRows,
  timeline,
  timelineKeys,
  type RecordRow,
  type TimelineEntry,
} from '@threadbook/projection-contact'
import { filters, type CommandFault, type Rows } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { conversationNotToBeSeen } from './access.js'
import { historyOf } from './conversation-events.js'
import type { Door } from './door.js'
import { answer, answering } from './fault.js'
import { conversationsWith } from './find-conversations.js'

export const records = recordRows as unknown as Rows

export interface TimelineRequest {
  /** The id of the user who reads; nobody in particular where left out. */
  readonly viewer?: string | undefined
  /** Entries, at most: from 1 to 1,000; 100 unless told. */
  readonly limit?: number
}

export type ReadTimeline = E.Either<CommandFault, readonly TimelineEntry[]>

const MOST = 1_000
const { and, is } = filters

const contactsOf = async ({ adapters, account }: Door, company: string) => {
  const found = await answer(
    adapters.readModels.find(records, {
      where: and(is('account', account), is('company', company), is('deletedAt', null)),
      order: { column: 'id', direction: 'ascending' },
      limit: MOST,
    }),
  )
  return found.map(({ row }) => (row as RecordRow).id)
}

/** The conversations that a record's timeline is made of. */
const conversationsOf = async (door: Door, record: RecordReference): Promise<readonly string[]> => {
  switch (record.type) {
    case 'contact':
      return conversationsWith(door, record.id)
    case 'company': {
      const all = await Promise.all(
        (await contactsOf(door, record.id)).map((contact) => conversationsWith(door, contact)),
      )
      return all.flat()
    }
    case 'ticket':
    case 'deal': {
      const key = recordKey(door.account, record)
      const row = (await answer(door.adapters.readModels.get(records, [key]))).get(key)
      return (row as RecordRow | undefined)?.conversations ?? []
    }
    // Logged on the contact that it hangs on (S-063).
    case 'customObject':
      return []
  }
}

/** The latest entries first; none of inboxes that the viewer may not look into (K-15). */
export const readTimeline = (
  door: Door,
  record: RecordReference,
  { viewer, limit = 100 }: TimelineRequest = {},
): Promise<ReadTimeline> =>
  answering(async (): Promise<ReadTimeline> => {
    const conversations = []
    for (const conversationId of await conversationsOf(door, record))
      if ((await conversationNotToBeSeen(door, viewer, conversationId)) === undefined)
        conversations.push({ conversationId, events: await historyOf(door, conversationId) })
    const keys = await answer(door.adapters.vault.read(timelineKeys(conversations)))
    return E.right(timeline({ conversations, keys }).slice(0, Math.min(Math.max(limit, 1), MOST)))
  })
