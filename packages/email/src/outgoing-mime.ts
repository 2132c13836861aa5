/** What leaves as a mail (domain.md, § 4): built by nodemailer, from nothing but what it is given. */
import type { OutgoingMail, Outgoing } from '@threadbook/inbox'
import type { Person } from '@threadbook/core'
import type { IsoTime } from '@threadbook/sourcing'
import MailComposer from 'nodemailer/lib/mail-composer'

/** An `Outgoing` that is a mail. */
export type MailToSend = Omit<Outgoing, 'mail'> & { readonly mail: OutgoingMail }

const bracketed = (id: string): string => `<${id}>`

const mailbox = ({ name, address }: Person) => ({ name: name ?? '', address })

/**
 * Text and HTML beside each other, attachments behind them, images that the HTML shows within it.
 * No file is read and no address is fetched for it, whatever it says.
 */
export const mimeOf = (
  { mail, to, cc, subject, text, html, attachments, automatic }: MailToSend,
  date: IsoTime,
): Promise<Buffer> => {
  const { mailId, inReplyTo, references, from, replyTo } = mail
  return new MailComposer({
    messageId: bracketed(mailId),
    date: new Date(date),
    from: mailbox(from),
    to: to.map(mailbox),
    cc: cc.map(mailbox),
    ...(replyTo && { replyTo: mailbox(replyTo) }),
    ...(inReplyTo !== undefined && { inReplyTo: bracketed(inReplyTo) }),
    references: references.map(bracketed),
    subject,
    text,
    ...(html !== undefined && { html }),
    attachments: attachments.map(({ name, mimeType, inline, contentId, bytes }) => ({
      filename: name === '' ? false : name,
      content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      contentType: mimeType,
      contentDisposition: inline ? 'inline' : 'attachment',
      ...(contentId !== undefined && { cid: contentId }),
    })),
    headers: automatic ? { 'Auto-Submitted': 'auto-generated' } : {},
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build()
}
