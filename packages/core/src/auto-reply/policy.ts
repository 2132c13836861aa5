/** Whether a machine may answer (domain.md, § 4). Pure: a host's own auto-reply may ask it too. */
import type { IsoTime } from '@threadbook/sourcing'
import type { MailClass } from '../vocabulary.js'

/** Nobody gets two automatic replies within so many hours. */
export const AUTO_REPLY_HOURS = 24

/** From when on the next automatic reply may be sent to somebody who got one at `last`. */
export const nextAutoReplyFrom = (last: IsoTime): IsoTime =>
  new Date(Date.parse(last) + AUTO_REPLY_HOURS * 3_600_000).toISOString()

/** Only what a person wrote is ever answered by a machine. */
export const mayBeAnsweredByMachine = (mailClass: MailClass): boolean => mailClass === 'personal'
