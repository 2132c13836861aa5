/** S-076, D-12: a conversation that was switched to e-mail is closed: its history goes to the visitor. */
import { conversations, sendTranscript } from '@threadbook/core'
import { streamId } from '@threadbook/sourcing'
import { stateOf } from '../state-of.js'
import { reaction } from './reaction.js'

export const historyByMail = reaction({
  name: 'historyByMail',
  of: conversations,
  facts: async ({ stream }, { door }) => {
    const state = await stateOf(door, conversations, streamId(stream))
    return state.situation === 'present' && state.switchedTo === 'email'
  },
  on: {
    Closed: ({ stream }, switched) =>
      switched
        ? [sendTranscript({ conversationId: streamId(stream), cause: 'ended', actor: 'system' })]
        : [],
  },
})
