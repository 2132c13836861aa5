export type { Bounce, Mail, MailAttachment, Mailbox, MailRejected, PlusToken } from './mail.js'
export { checkMailSize, DEFAULT_MAX_MAIL_BYTES, readMail } from './read-mail.js'
