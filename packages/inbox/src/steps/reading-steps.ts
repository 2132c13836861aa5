/** Requests about what a user has read. */
import { readStates, type Present } from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import {
  presentConversation,
  withIds,
  type Answer,
  type Asked,
  type Step,
  type Steps,
} from './step.js'

const USER = 'user:'

/** What came for a merged conversation is read in the one it was merged into. */
const inboundOf = (state: Present | undefined): number | undefined => state?.inbound

const onReadState = async (request: Asked<'MarkRead' | 'MarkUnread'>, step: Step): Answer => {
  const { conversationId, actor } = request
  if (!actor.startsWith(USER))
    return E.left({ type: 'InvalidCommand', field: 'actor', expected: 'user:…', found: actor })
  const inbound = inboundOf(await presentConversation(conversationId, step))
  return withIds({ conversationId })(
    await step.transaction.decide(readStates, actor.slice(USER.length), {
      ...request,
      facts: { inbound },
      ...step.times,
    }),
  )
}

export const readingSteps: Steps<'MarkRead' | 'MarkUnread'> = {
  MarkRead: onReadState,
  MarkUnread: onReadState,
}
