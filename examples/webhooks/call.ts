/** A telephony host posts each call when it is over, and keeps the recording to be fetched. */
import { recordCall, type Call } from '@threadbook/channels'
import type { Inbox } from '@threadbook/inbox'
import { invalid } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { refusal, webhook, type Verify } from './webhook.js'

const Report = t.intersection(
  [
    t.type({
      id: t.string,
      from: t.string,
      to: t.string,
      inbound: t.boolean,
      seconds: t.number,
    }),
    t.partial({ voicemail: t.boolean, recordingUrl: t.string }),
  ],
  'Report',
)
type Report = t.TypeOf<typeof Report>

const outcomeOf = ({ seconds, voicemail }: Report): NonNullable<Call['outcome']> => {
  if (voicemail === true) return 'voicemail'
  return seconds > 0 ? 'answered' : 'missed'
}

// #region call
/** `download` fetches a recording; the host of the calls is the only one that it may ask. */
export const callWebhook = (
  inbox: Inbox,
  verify: Verify,
  download: (url: string) => Promise<Uint8Array>,
) =>
  webhook(verify, async (payload) => {
    const decoded = Report.decode(payload)
    if (E.isLeft(decoded)) return refusal({ type: 'InvalidCommand', ...invalid(decoded.left) })
    const report = decoded.right
    const { id, from, to, inbound, seconds, recordingUrl } = report
    const taken = await recordCall(inbox, {
      callId: id,
      number: inbound ? from : to,
      line: inbound ? to : from,
      direction: inbound ? 'incoming' : 'outgoing',
      durationSeconds: seconds,
      outcome: outcomeOf(report),
      ...(recordingUrl !== undefined && {
        recording: {
          name: 'recording.wav',
          mimeType: 'audio/wav',
          bytes: await download(recordingUrl),
        },
      }),
    })
    return E.isLeft(taken) ? refusal(taken.left) : { status: 200 }
  })
// #endregion call
