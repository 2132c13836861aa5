/** A view that was changed or deleted is counted no more as it was. */
import { customViews, type ViewEvent } from '@threadbook/core'
import { streamId, type RecordedEvent } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { unwatchStale } from '../view-counts/unwatch.js'
import { effect, type ReactionWorld } from './reaction.js'

const unwatch = async ({ stream }: RecordedEvent<ViewEvent>, world: ReactionWorld) => {
  await world.upToDate()
  await unwatchStale(world.door, streamId(stream))
  return E.right(undefined)
}

export const viewCounts = effect<ViewEvent>({
  name: 'viewCounts',
  of: customViews,
  effect: { ViewChanged: unwatch, ViewDeleted: unwatch },
})
