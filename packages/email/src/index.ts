export type { Bounce, Mail, MailAttachment, Mailbox, MailKind, MailRejected } from './mail.js'
export type { PlusToken } from './mail.js'
export { checkMailSize, DEFAULT_MAX_MAIL_BYTES, readMail } from './read-mail.js'
export type { Unreadable, UnreadablePath } from './mail-files.js'
export type { MailIndex, MailPlace, RawMail, UnreadMail } from './mail-sources.js'
export { indexMails, readMails } from './mail-sources.js'
export type {
  FilterCause,
  Judged,
  SenderPolicy,
  SpamFacts,
  SpamRules,
  SpamVerdict,
} from './spam-rules.js'
export { allSpamRules, judgeSpam, roleBasedLocalParts, teamMail } from './spam-rules.js'

export { receiveMail, takeInMails } from './intake.js'
export type { ArrivedMail, IntakeOptions, IntakeRefusal, Received } from './intake.js'
export { importMails } from './import-mails.js'
export type { ImportOptions, ImportStopped, Imported, NotImported } from './import-mails.js'
