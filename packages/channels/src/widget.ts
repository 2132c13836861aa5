/** What a visitor of a chat widget sees of what they wrote. */
import type { IsoTime } from '@threadbook/sourcing'
import type { ChatMessage } from './incoming.js'

export interface WidgetEcho {
  /** The widget goes on showing: a blocked visitor cannot tell (S-080). */
  readonly shown: true
  readonly message: {
    /** The widget's own id of it. */
    readonly messageId: string
    readonly text: string
    readonly status: 'sent'
    readonly at: IsoTime
  }
}

/**
 * To be answered to the widget whatever intake said: the same for a message that is shown to the
 * team, for one that is filtered, and for one of a blocked visitor, who sees what all see.
 */
export const echoOf = (
  { messageId, text }: Pick<ChatMessage, 'messageId' | 'text'>,
  at: IsoTime,
): WidgetEcho => ({ shown: true, message: { messageId, text, status: 'sent', at } })
