/** What was hidden, purged or erased leaves the index before whoever asked for it hears of it. */
import { entryId } from '@threadbook/projection-views'
import {
  columnText,
  streamId,
  type Adapters,
  type KeyId,
  type RecordedEvent,
  type SearchChange,
} from '@threadbook/sourcing'
import { answer } from '../fault.js'
import { redone } from './entries.js'
import { takingTurns } from './taking-turns.js'

export const purgedChange = ({ stream }: Pick<RecordedEvent, 'stream'>): SearchChange => ({
  type: 'removeOrigin',
  origin: columnText(streamId(stream)),
})

/** The entries that a contact's keys opened, without what those keys opened. */
export const erasedChanges = async (
  adapters: Adapters,
  keys: readonly KeyId[],
): Promise<readonly SearchChange[]> =>
  adapters.search === undefined
    ? []
    : redone(adapters, await answer(adapters.search.openedBy(keys)), keys)

/** For events that say what was forgotten: conversations as a whole, and what a contact's keys opened. */
export const unlearn = async (
  adapters: Adapters,
  events: readonly RecordedEvent[],
): Promise<void> => {
  const { search } = adapters
  if (search === undefined) return
  await takingTurns(search, async () => {
    const changes: SearchChange[] = []
    for (const event of events)
      if (event.type === 'Purged') changes.push(purgedChange(event))
      else if (event.type === 'ContactErased')
        changes.push(...(await erasedChanges(adapters, (event.data as { keys: KeyId[] }).keys)))
    if (changes.length > 0) await answer(search.apply(changes))
  })
}

export const unlearnMessage = async (
  { search }: Adapters,
  conversationId: string,
  messageId: string,
): Promise<void> => {
  if (search === undefined) return
  const id = entryId(conversationId, messageId)
  await takingTurns(search, () => answer(search.apply([{ type: 'remove', id }])))
}
