/** What one user has read. */
import { describe, it } from '@jest/globals'
import { readStates } from '@threadbook/core'
import { stories } from '@threadbook/core/testing'

const { given } = stories(readStates)
const asked = { conversationId: 'c', actor: 'user:ada' } as const

const markRead = (inbound: number | undefined, seen?: number) => ({
  type: 'MarkRead' as const,
  ...asked,
  ...(seen !== undefined && { seen }),
  facts: { inbound },
})
const markUnread = (inbound: number | undefined = 1) => ({
  type: 'MarkUnread' as const,
  ...asked,
  facts: { inbound },
})
const read = (inbound: number, conversation = 'c') => ({
  type: 'ConversationRead' as const,
  data: { conversation, inbound },
})
const unread = { type: 'ConversationMarkedUnread' as const, data: { conversation: 'c' } }

describe('reading', () => {
  it('keeps how much was seen', () => {
    given().when(markRead(3)).then(read(3))
    given(read(3)).when(markRead(4)).then(read(4))
    given(read(9, 'another')).when(markRead(3)).then(read(3))
  })

  it('changes nothing where as much was seen before', () =>
    given(read(3)).when(markRead(3)).thenNothing())

  it('is of what a screen showed, where it says so, and of no more than there is', () => {
    given().when(markRead(3, 2)).then(read(2))
    given().when(markRead(3, 9)).then(read(3))
  })

  it('never unreads', () => given(read(3)).when(markRead(3, 1)).thenNothing())

  it('D-13 is undone by hand, until it is read again', () => {
    given(read(3)).when(markUnread(3)).then(unread)
    given(read(3), unread).when(markUnread(3)).thenNothing()
    given(read(3), unread).when(markRead(3)).then(read(3))
    given(unread).when(markRead(0)).then(read(0))
  })

  it('needs a conversation', () => {
    given().when(markRead(undefined)).thenRefused('NoSuchConversation')
    given()
      .when({ ...markUnread(), facts: { inbound: undefined } })
      .thenRefused('NoSuchConversation')
  })
})
