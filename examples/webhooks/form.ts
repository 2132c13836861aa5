/** A site posts what was submitted in its support form. */
import { submitForm, type FormSubmission } from '@threadbook/channels'
import type { Inbox } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import { refusal, webhook, type Verify } from './webhook.js'

// #region form
export const formWebhook = (inbox: Inbox, verify: Verify) =>
  webhook(verify, async (payload) => {
    const taken = await submitForm(inbox, payload as FormSubmission)
    return E.isLeft(taken) ? refusal(taken.left) : { status: 200 }
  })
// #endregion form
