/** A chat widget's server posts what visitors write; the widget shows what this answers. */
import { echoOf, receiveChatMessage, type ChatMessage } from '@threadbook/channels'
import type { Inbox } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import { refusal, webhook, type Verify } from './webhook.js'

// #region chat
/** The payload is checked by the inbox: a bad one is refused by the name of its field. */
export const chatWebhook = (inbox: Inbox, verify: Verify) =>
  webhook(verify, async (payload) => {
    const taken = await receiveChatMessage(inbox, payload as ChatMessage)
    if (E.isLeft(taken)) return refusal(taken.left)
    // The same for everybody: a blocked visitor cannot tell.
    const body = echoOf(payload as ChatMessage, inbox.door.now())
    return { status: 200, body }
  })
// #endregion chat
