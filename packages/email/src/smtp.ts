/** The way out by SMTP: a `Delivery` port on nodemailer, one connection for each mail. */
import { Readable } from 'node:stream'
import { linkTarget, linkTo, type Person } from '@threadbook/core'
import type { Delivery, HandedOver, NotHandedOver, Outgoing } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import { mimeOf, type MailToSend } from './outgoing-mime.js'

export interface SmtpOptions {
  readonly host: string
  /** 587 unless told, or 465 where `secure`. */
  readonly port?: number
  /** TLS from the start; else it is asked for where the server offers it (see `requireTLS`). */
  readonly secure?: boolean
  /** Nothing is sent without TLS. */
  readonly requireTLS?: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  readonly tls?: SMTPConnectionOptions['tls']
  /** Of the greeting and of each answer; 60 unless told. */
  readonly timeoutSeconds?: number
  /**
   * Tells those who are mentioned by e-mail (S-072): the address of a member of the team, and that of
   * the host's screen, which the link leads to. Without it, mentions leave by no mail.
   */
  readonly mentions?: {
    readonly addressOf: (userId: string) => Promise<Person | undefined>
    readonly baseUrl: string
  }
  readonly now?: () => string
}

type Answered = E.Either<NotHandedOver, HandedOver>

interface SmtpFailure {
  readonly code?: string
  readonly command?: string
  readonly response?: string
  readonly responseCode?: number
  readonly message: string
  readonly rejectedErrors?: readonly SmtpFailure[]
}

const LONGEST_REASON = 500
const reasonOf = ({ response, message }: SmtpFailure): string =>
  (response ?? message).replace(/\s+/g, ' ').trim().slice(0, LONGEST_REASON)

/** What will not get better by itself: all but a wrong password, which an operator sets right. */
const isForGood = ({ responseCode, code, rejectedErrors }: SmtpFailure): boolean => {
  if (rejectedErrors !== undefined && rejectedErrors.length > 0)
    return rejectedErrors.every((each) => isForGood({ ...each, rejectedErrors: [] }))
  if (responseCode !== undefined && responseCode >= 400)
    return responseCode >= 500 && code !== 'EAUTH'
  // Refused by ourselves before anything was said: no recipient, a malformed address, too large.
  return code === 'EENVELOPE' || code === 'EMESSAGE'
}

/** `begun`: the server has said that it takes the content, and was given some of it. */
const problemOf = (failure: SmtpFailure, begun: boolean): NotHandedOver => {
  const reason = reasonOf(failure)
  if (isForGood(failure)) return { type: 'Never', reason }
  const answered = failure.responseCode !== undefined && failure.responseCode >= 400
  return begun && !answered ? { type: 'Unknown', reason } : { type: 'Later', reason }
}

const asFailure = (error: unknown): SmtpFailure =>
  error instanceof Error ? error : { message: String(error) }

/** Knows whether any of it was asked for. */
const content = (mime: Buffer) => {
  let begun = false
  const stream = new Readable({
    read() {
      begun = true
      this.push(mime)
      this.push(null)
    },
  })
  return { stream, begun: () => begun }
}

/** The addresses that one mail could not go to while others could. */
const refusedOf = (
  errors: readonly SmtpFailure[] | undefined,
): Pick<HandedOver, 'refused'> | undefined =>
  errors === undefined || errors.length === 0
    ? undefined
    : { refused: errors.map(reasonOf).join('; ') }

const talk = (
  options: SMTPConnectionOptions,
  auth: SmtpOptions['auth'],
  envelope: { readonly from: string; readonly to: string[] },
  mime: Buffer,
): Promise<Answered> =>
  new Promise((resolve) => {
    const connection = new SMTPConnection(options)
    const { stream, begun } = content(mime)
    const settle = (answered: Answered) => {
      resolve(answered)
      if (E.isRight(answered)) connection.quit()
      else connection.close()
    }
    const failed = (error: unknown) => settle(E.left(problemOf(asFailure(error), begun())))
    connection.on('error', failed)
    connection.once('end', () => failed(new Error('the connection was closed')))
    const send = () =>
      connection.send(envelope, stream, (error, info) => {
        if (error) return failed(error)
        const refused = refusedOf(info?.rejectedErrors as readonly SmtpFailure[] | undefined)
        settle(E.right({ ...refused }))
      })
    connection.connect((error) => {
      if (error) return failed(error)
      if (auth === undefined) return send()
      connection.login({ credentials: { ...auth } }, (wrong) => (wrong ? failed(wrong) : send()))
    })
  })

/** A mention as a mail to the one who is mentioned; undefined where there is no address. */
const mentionMail = async (
  outgoing: Outgoing,
  { addressOf, baseUrl }: NonNullable<SmtpOptions['mentions']>,
): Promise<MailToSend | undefined> => {
  const { mention, mail, subject, text } = outgoing
  const to = mention && (await addressOf(mention.userId))
  if (mention === undefined || mail === undefined || to === undefined) return undefined
  const by = mention.by.replace(/^user:/, '')
  const target = linkTarget(mention.link)
  return {
    ...outgoing,
    mail,
    to: [to],
    subject: subject === '' ? `${by} mentioned you` : `${by} mentioned you: ${subject}`,
    text: `${text.trimEnd()}\n\n${target === undefined ? mention.link : linkTo(target, baseUrl)}\n`,
  }
}

export const smtp = (options: SmtpOptions): Delivery => {
  const { auth, mentions, timeoutSeconds = 60, now = () => new Date().toISOString() } = options
  const { host, port, secure, requireTLS, tls } = options
  const wait = timeoutSeconds * 1_000
  const connection: SMTPConnectionOptions = {
    host,
    ...(port !== undefined && { port }),
    ...(secure !== undefined && { secure }),
    ...(requireTLS !== undefined && { requireTLS }),
    ...(tls !== undefined && { tls }),
    connectionTimeout: wait,
    greetingTimeout: wait,
    socketTimeout: wait,
  }
  const never = (reason: string): Answered => E.left({ type: 'Never', reason })
  return {
    routes: mentions === undefined ? ['email'] : ['email', 'notification'],
    deliver: (outgoing) => async () => {
      const { route, mail } = outgoing
      const toSend =
        route === 'notification' && mentions !== undefined
          ? await mentionMail(outgoing, mentions)
          : mail && { ...outgoing, mail }
      if (toSend === undefined) return never('there is no address to send it from, or to')
      const to = [...toSend.to, ...toSend.cc].map(({ address }) => address)
      if (to.length === 0) return never('there is no recipient')
      // Bounces come back to where answers do.
      const from = (toSend.mail.replyTo ?? toSend.mail.from).address
      const mime = await mimeOf(toSend, now()).catch(asFailure)
      return Buffer.isBuffer(mime)
        ? talk(connection, auth, { from, to }, mime)
        : never(reasonOf(mime))
    },
  }
}
