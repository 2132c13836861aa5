/** What the stream of one address holds: when a machine of ours wrote to it last. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

const AutomaticReplySent = event('AutomaticReplySent', { messageId: t.string })

export const autoReplyEvents = eventTypes(AutomaticReplySent)
export type AutoReplyEvent = EventsOf<typeof autoReplyEvents>
