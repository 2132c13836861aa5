/** What is logged on records' timelines, told to the CRM (S-095, S-097): ours is a projection. */
import {
  conversations,
  type ConversationEvent,
  type Crm,
  type LoggedMessage,
} from '@threadbook/core'
import { isLogged, loggedMessages, recordsOf } from '@threadbook/projection-contact'
import { isErased, streamId, type RecordedEvent } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { historyOf, opened } from '../conversation-events.js'
import { stateOf } from '../state-of.js'
import { insist } from './crm-task.js'
import { effect, type InboxReaction, type ReactionWorld } from './reaction.js'

type Event = RecordedEvent<ConversationEvent>
type Message = ReturnType<typeof loggedMessages>[number]

const done = E.right(undefined)

const contentOf = async (
  { id, type, stream, data, metadata }: Message,
  { door }: ReactionWorld,
): Promise<LoggedMessage | undefined> => {
  const content = await opened(door, { id }, data.content, 'content')
  const subject =
    data.subject === undefined ? undefined : await opened(door, { id }, data.subject, 'subject')
  if (isErased(content)) return undefined
  return {
    conversation: streamId(stream),
    message: data.messageId,
    at: metadata.occurredAt,
    direction: type === 'MessageReceived' ? 'incoming' : 'outgoing',
    channel: data.channel,
    text: content.text,
    ...(subject !== undefined && !isErased(subject) && { subject }),
  }
}

/**
 * Each message as it stands now, whatever the event told: said again it is the same, and what
 * happened meanwhile is said by an event of its own.
 */
const log = async (
  crm: Crm,
  because: Event,
  messages: readonly Message[],
  world: ReactionWorld,
): Promise<typeof done> => {
  const state = await stateOf(world.door, conversations, streamId(because.stream))
  if (state.situation !== 'present') return done
  const records = recordsOf(state)
  for (const message of messages) {
    const { messageId } = message.data
    if (records.length === 0 || state.messages.get(messageId)?.hiddenBy !== undefined) continue
    const content = await contentOf(message, world)
    if (content !== undefined)
      await insist(
        world,
        crm,
        { type: 'log', message: content, records },
        `${because.id}/${messageId}`,
      )
  }
  return done
}

/** After a change of what the conversation is associated with. */
const logAll = async (crm: Crm, event: Event, world: ReactionWorld): Promise<typeof done> => {
  const conversation = streamId(event.stream)
  const state = await stateOf(world.door, conversations, conversation)
  if (state.situation !== 'present') return done
  if (recordsOf(state).length === 0) {
    await insist(world, crm, { type: 'unlog', conversation }, event.id)
    return done
  }
  return log(crm, event, loggedMessages(await historyOf(world.door, conversation)), world)
}

export const crmTimeline = (crm: Crm): InboxReaction => {
  const one = (event: Event, world: ReactionWorld) =>
    isLogged(event) ? log(crm, event, [event], world) : Promise.resolve(done)
  const all = (event: Event, world: ReactionWorld) => logAll(crm, event, world)
  return effect({
    name: 'crmTimeline',
    of: conversations,
    effect: {
      MessageReceived: one,
      MessageSent: one,
      ContactAssociated: all,
      ContactDisassociated: all,
      TicketAssociated: all,
      TicketDeleted: all,
      DealCreated: all,
      MessageHidden: async ({ id, stream, data: { messageId: message } }, world) => {
        const conversation = streamId(stream)
        const gone = { type: 'log', message: { conversation, message }, records: [] } as const
        await insist(world, crm, gone, id)
        return done
      },
      MessageUnhidden: async (event, world) => {
        const history = await historyOf(world.door, streamId(event.stream))
        const its = loggedMessages(history).filter(
          ({ data }) => data.messageId === event.data.messageId,
        )
        return log(crm, event, its, world)
      },
      Purged: async ({ id, stream }, world) => {
        await insist(world, crm, { type: 'unlog', conversation: streamId(stream) }, id)
        return done
      },
    },
  })
}
