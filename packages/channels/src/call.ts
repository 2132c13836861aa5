/** Calls that are over, as a telephony host reports them (S-034). */
import type { Inbox } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import { Call, decode } from './incoming.js'
import { receiveIncoming } from './intake.js'
import type { TakeIn } from './work.js'

const decodeCall = decode(Call)

const clock = (seconds: number): string => {
  const part = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  return `${hours > 0 ? `${String(hours)}:${part(minutes)}` : String(minutes)}:${part(seconds % 60)}`
}

/** What was said, else that somebody called. */
const textOf = ({ transcript, outcome = 'answered', durationSeconds }: Call): string =>
  transcript ?? `Call, ${outcome}, ${clock(durationSeconds)}`

/** One that came in, or one that the team made with its own telephone, which is written down. */
export const recordCall = async (inbox: Inbox, input: Call): TakeIn => {
  const decoded = decodeCall(input)
  if (E.isLeft(decoded)) return decoded
  const call = decoded.right
  const { callId, number, line, direction, durationSeconds, outcome, name, recording, at } = call
  return receiveIncoming(inbox, {
    channel: 'call',
    direction,
    sourceId: callId,
    sender: { kind: 'phone', person: { address: number, ...(name !== undefined && { name }) } },
    content: {
      text: textOf(call),
      files: recording === undefined ? [] : [recording],
      recording,
      source: { origin: line, direction, durationSeconds, ...(outcome && { outcome }) },
      details: { number },
    },
    at,
    threading: call.newConversation === true ? 'fresh' : 'sender',
  })
}
