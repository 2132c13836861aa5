/** Commands to be measured: conversations are assigned in turn, each time to somebody else. */
import { assign, user } from '@threadbook/core'
import type { Inbox } from '@threadbook/inbox'
import { conversationId, isTrashed } from './fixtures/conversations.js'
import { listOf } from './fixtures/events.js'
import { EVENTS_EACH } from './fixtures/logs.js'
import { right } from './right.js'

/** Few: a conversation remembers whoever owned it. */
const OWNERS = 7

/** So many conversations of a file of `size` events: far apart, none of them in the trash. */
export const spread = (size: number, count: number): readonly number[] => {
  const step = size / EVENTS_EACH / count
  return listOf(count, (nth) => {
    const index = Math.floor(nth * step)
    return isTrashed(index) ? index + 3 : index
  })
}

/** Assigns the next one with each call. */
export const assigner = (inbox: Inbox, conversations: readonly number[]) => {
  const ids = conversations.map(conversationId)
  let done = 0
  return async (): Promise<void> => {
    const nth = done++
    const owner = user(`colleague ${Math.floor(nth / ids.length) % OWNERS}`)
    right(
      await inbox.execute(
        assign({ conversationId: ids[nth % ids.length]!, owner, actor: 'user:ada' }),
      ),
    )
  }
}
