/** Lists of a whole account, which are read inbox by inbox where these are few. */
import { describe, expect, it } from '@jest/globals'
import { createInbox, createView, moveToInbox } from '@threadbook/core'
import type { ListRequest } from '@threadbook/inbox'
import { ada, openDesk, right, type Desk } from './fixtures.js'

const keysOf = async (desk: Desk, view: 'allOpen' | { readonly view: string }, limit: number) => {
  const keys: string[] = []
  for (let after: ListRequest['after']; ;) {
    const page = right(await desk.inbox.views.list(view, { inbox: 'all', limit, after }))
    keys.push(...page.items.map(({ conversationId }) => conversationId))
    if ((after = page.next) === undefined) return keys
  }
}

describe('a list of the whole account', () => {
  // With the desk's own inbox: 31 are read one by one, more are not.
  it.each([2, 30, 31, 40])(
    'holds what is in its own inbox and in %i others, in the order of time',
    async (others) => {
      const desk = await openDesk()
      const expected: string[] = []
      for (let n = 0; n <= others; n++) {
        const conversationId = await desk.receive()
        expected.unshift(conversationId)
        desk.clock.pass({ minutes: 1 })
        if (n === 0) continue
        // Not in the order of their names.
        const inbox = `inbox-${String((n * 7) % 41)}`
        await desk.ask(createInbox({ inboxId: inbox, name: inbox, actor: ada }))
        await desk.ask(moveToInbox({ conversationId, inbox, actor: ada }))
      }
      const { viewId } = await desk.ask(
        createView({
          name: 'By mail',
          filter: { attribute: 'channel', operator: 'is', value: 'email' },
          visibility: { to: 'account' },
          actor: ada,
        }),
      )
      expect(await keysOf(desk, 'allOpen', 50)).toEqual(expected)
      expect(await keysOf(desk, 'allOpen', 7)).toEqual(expected)
      expect(await keysOf(desk, { view: viewId! }, 7)).toEqual(expected)
    },
  )
})
