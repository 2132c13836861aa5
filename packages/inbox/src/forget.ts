/** What was purged or erased is forgotten: its keys are destroyed, its words and blobs removed. */
import { followUp, type Adapters, type KeyId, type ReadFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { unlearn } from './search/unlearn.js'

interface Forgotten {
  readonly keys: readonly KeyId[]
  readonly blobs?: readonly string[]
}

/**
 * Goes through the events that say so, for all accounts, from where it was left. Repeating it
 * changes nothing, so that it needs no turn of its own and several processes may be at it; it runs at start-up too, so that a crash between purging and forgetting is
 * made up for.
 */
export const forget = (adapters: Adapters): Promise<E.Either<ReadFault, void>> => {
  const { store, readModels, vault, blobs } = adapters
  return followUp(store, readModels, {
    name: 'forget',
    filter: { types: ['Purged', 'ContactErased', 'SenderForgotten', 'BlockedMessagesForgotten'] },
    handle: async (events) => {
      const gone = events.map(({ data }) => data as Forgotten)
      const destroyed = await vault.destroy(gone.flatMap(({ keys }) => keys))()
      if (E.isLeft(destroyed)) return destroyed
      await unlearn(adapters, events)
      return await blobs.remove(gone.flatMap((each) => each.blobs ?? []))()
    },
  })
}
