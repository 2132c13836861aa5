/** What a user had read at a place in the log. */
import { readStates } from '@threadbook/core'
import { along, readStateProjection, type ReadStateRow } from '@threadbook/projection-views'
import type { RecordedEvent, Rows } from '@threadbook/sourcing'
import type { readOf } from '../../unread.js'
import { eventsOf } from '../moments.js'
import { marksOf } from '../skips.js'
import type { Then } from './request.js'

type Known = ReadonlyMap<string, ReadStateRow>

/** Looks along what the user ever read up to there, once, and keeps what is asked for. */
export const readThen =
  (then: Then): typeof readOf =>
  async (door, user, conversations): Promise<Known> => {
    const wanted = new Set(conversations)
    const events = new Map<string, RecordedEvent[]>()
    for await (const event of eventsOf(door, readStates.category, user)) {
      if (!then.includes(event)) break
      const { conversation } = event.data as { readonly conversation: string }
      if (!wanted.has(conversation)) continue
      const its = events.get(conversation) ?? []
      its.push(event)
      events.set(conversation, its)
    }
    const read = new Map<string, ReadStateRow>()
    const projection = readStateProjection as unknown as Rows
    const skipped = await marksOf(door, projection)
    for (const [conversation, its] of events) {
      let row: ReadStateRow | undefined
      for (const step of along<ReadStateRow>(projection, its, skipped)) row = step.after
      if (row !== undefined) read.set(conversation, row)
    }
    return read
  }
