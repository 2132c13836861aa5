/** Mails for tests, written here. */
import { readMail, type Mail, type MailRejected } from '@threadbook/email'
import * as E from 'fp-ts/lib/Either.js'

/** Each line as a line; `From` and `To` are there unless replaced. */
export const mailText = (fields: Readonly<Record<string, string>>, body = 'Hello\n'): string => {
  const all = { From: 'Bo Ek <bo@example.com>', To: 'support@example.com', ...fields }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\n`)
  return `${head.join('')}\n${body}`
}

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8')

export const parse = (raw: string | Uint8Array): Promise<E.Either<MailRejected, Mail>> =>
  readMail(typeof raw === 'string' ? bytesOf(raw) : raw)

/** The mail; a rejection fails the test. */
export const read = async (raw: string | Uint8Array): Promise<Mail> => {
  const mail = await parse(raw)
  if (E.isLeft(mail)) throw new Error(`rejected: ${JSON.stringify(mail.left)}`)
  return mail.right
}

export const readFields = (fields: Readonly<Record<string, string>>, body?: string) =>
  read(mailText(fields, body))

/** Parts one after the other, each with its own header fields. */
export const multipart = (subtype: string, ...parts: readonly string[]): string =>
  [
    'From: bo@example.com',
    `Content-Type: multipart/${subtype}; boundary="edge"`,
    '',
    ...parts.flatMap((part) => ['--edge', part]),
    '--edge--',
    '',
  ].join('\n')
