/** What a bounce tells: which mail came back, from whom, and why. */
import { bareAddresses } from './addresses.js'
import type { Fields } from './mail-kind.js'
import type { Bounce, MailAttachment } from './mail.js'
import { fieldsOf, headOf } from './mail-head.js'
import { parseMessageIds } from './message-ids.js'
import { cutTo, oneLine } from './text.js'

const LONGEST_REASON = 500
/** Reports without parts quote the original somewhere near the top. */
const FAR = 20_000
const MOST_RECIPIENTS = 1_000

const RETURNED =
  /^(?:message\/(?:rfc822|global|rfc822-headers|global-headers)|text\/rfc822-headers)$/
const STATUS = /^message\/(?:global-)?delivery-status$/

const text = ({ bytes }: MailAttachment): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, FAR)).toString('latin1')

/** rfc822; bo@example.com */
const afterType = (value: string): string => value.slice(value.indexOf(';') + 1).trim()

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)]

/** Before the attached original, reports in plain text show its head. */
const quotedIds = (body: string): readonly string[] =>
  fieldsOf(body.slice(0, FAR).replace(/^[ \t>]+(?=message-id:)/gim, ''), 'message-id')

/** `signs` are those by which the mail was found to be a bounce. */
export const bounceOf = (
  fields: Fields,
  signs: readonly string[],
  body: string,
  attachments: readonly MailAttachment[],
): Bounce => {
  const reports = attachments.filter(({ mimeType }) => STATUS.test(mimeType)).map(text)
  const status = (name: string) => reports.flatMap((report) => fieldsOf(report, name))
  const returned = attachments
    .filter(({ mimeType }) => RETURNED.test(mimeType))
    .flatMap(({ bytes }) => fieldsOf(headOf(bytes), 'message-id'))
  const [reason] = [...status('diagnostic-code').map(afterType), ...status('status')]
  const actions = status('action')
  return {
    failed:
      actions.length === 0
        ? signs.some((sign) => sign !== 'return-path')
        : actions.some((action) => /^failed/i.test(action)),
    originalIds: unique([...returned, ...quotedIds(body)].flatMap(parseMessageIds)),
    recipients: unique(
      bareAddresses([
        ...(fields.get('x-failed-recipients') ?? []),
        ...status('final-recipient').map(afterType),
        ...status('original-recipient').map(afterType),
      ]),
    ).slice(0, MOST_RECIPIENTS),
    ...(reason !== undefined && { reason: cutTo(oneLine(reason), LONGEST_REASON) }),
  }
}
