import type { IsoTime, StreamEvent } from '@threadbook/sourcing'
import type { AutoReplyEvent } from './events.js'

export interface AutoReply {
  /** The last automatic reply, by the writer's clock. */
  readonly last: { readonly messageId: string; readonly at: IsoTime } | undefined
}

export const initial = (): AutoReply => ({ last: undefined })

export const evolve = (_: AutoReply, event: StreamEvent<AutoReplyEvent>): AutoReply => {
  switch (event.type) {
    case 'AutomaticReplySent':
      return { last: { messageId: event.data.messageId, at: event.metadata.recordedAt } }
  }
}
