/** Submissions of a support form: each begins a conversation (S-033). */
import type { Inbox } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import { decode, FormSubmission } from './incoming.js'
import { receiveIncoming } from './intake.js'
import type { Sender } from './people.js'
import type { TakeIn } from './work.js'

const decodeForm = decode(FormSubmission)

/** By their address, else by their number; without either they are nobody in particular. */
const senderOf = ({ email, phone, name }: FormSubmission): Sender => {
  const address = email ?? phone
  const named = name === undefined ? {} : { name }
  return {
    kind: email === undefined && phone !== undefined ? 'phone' : 'email',
    person: address === undefined ? undefined : { address, ...named },
  }
}

/** One line a field, as it is listed, searched and answered to. */
const textOf = ({ fields }: FormSubmission): string =>
  fields.map(({ name, label = name, value }) => `${label}: ${value}`).join('\n')

export const submitForm = async (inbox: Inbox, input: FormSubmission): TakeIn => {
  const decoded = decodeForm(input)
  if (E.isLeft(decoded)) return decoded
  const submission = decoded.right
  const { submissionId, form, fields, page, subject = form.name, attachments = [] } = submission
  return receiveIncoming(inbox, {
    channel: 'form',
    direction: 'incoming',
    sourceId: `${form.id}\n${submissionId}`,
    sender: senderOf(submission),
    content: {
      text: textOf(submission),
      subject,
      files: attachments,
      source: {
        origin: form.id,
        ...(form.name !== undefined && { originName: form.name }),
      },
      details: {
        fields,
        ...(page !== undefined && { pageUrl: page.url }),
        ...(page?.title !== undefined && { pageTitle: page.title }),
      },
    },
    at: submission.at,
    threading: 'each',
  })
}
