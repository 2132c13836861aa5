/**
 * A conversation as text and HTML for somebody outside: what was said, and nothing that was said
 * among the team, hidden or filtered (S-077, D-10).
 */
import { escaped, htmlOfText, safeHtml, type Content } from '@threadbook/core'
import { isErased, type IsoTime } from '@threadbook/sourcing'
import type { Entry, ShownMessage } from './entries.js'
import type { Thread } from './thread.js'

export interface Telling {
  /** What the team is called. */
  readonly team: string
  /** What somebody of the team is called; the team's name unless told. */
  readonly nameOf?: (actor: string) => string | undefined
  /** What was said later is left out. */
  readonly until?: IsoTime | undefined
}

export interface Told {
  readonly text: string
  /** Safe. */
  readonly html: string
}

type Readable = ShownMessage & { readonly content: Content }

/** The messages that somebody outside may read, in their order. */
const tellable = (entries: readonly Entry[], until: IsoTime | undefined): readonly Readable[] =>
  entries.filter(
    (entry): entry is Readable =>
      entry.type === 'message' &&
      entry.hidden === null &&
      entry.filtered === null &&
      !isErased(entry.content) &&
      (until === undefined || entry.at <= until),
  )

/** 2026-03-02 09:05 UTC */
const timeWords = (at: IsoTime): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`

const authorOf = ({ from, actor }: Readable, { team, nameOf }: Telling): string => {
  if (from === null) return nameOf?.(actor) ?? team
  if (isErased(from.who)) return 'Visitor'
  return from.who.name ?? (from.who.address === '' ? 'Visitor' : from.who.address)
}

const bodyOf = ({ text, html }: Content): string =>
  safeHtml(html ?? htmlOfText(text), { remoteImages: 'kept' })

const attachmentNames = ({ attachments }: Readable): readonly string[] =>
  attachments.flatMap(({ name, inline }) => (inline || isErased(name) ? [] : [name]))

/** Oldest first. Names of attachments are told, their bytes are not. */
export const transcript = ({ entries }: Pick<Thread, 'entries'>, telling: Telling): Told => {
  const messages = tellable(entries, telling.until).map((message) => {
    const head = `${timeWords(message.at)}, ${authorOf(message, telling)}`
    const files = attachmentNames(message).map((name) => `[${name}]`)
    return {
      text: [`${head}:`, message.content.text.trimEnd(), ...files].join('\n'),
      html:
        `<p><strong>${escaped(head)}</strong></p><div>${bodyOf(message.content)}</div>` +
        files.map((file) => `<p>${escaped(file)}</p>`).join(''),
    }
  })
  return {
    text: messages.map(({ text }) => text).join('\n\n'),
    html: messages.map(({ html }) => html).join('<hr />'),
  }
}

const peopleWords = (people: Content['to']): string =>
  (people ?? []).map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ')

const fromWords = (message: Readable, telling: Telling): string => {
  const who = message.from?.who
  return who === undefined || isErased(who) ? authorOf(message, telling) : peopleWords([who])
}

const subjectOf = ({ subject }: Readable): string =>
  subject === null || isErased(subject) ? '' : subject

/**
 * What is put below a forwarded message's note: the mail itself first, then what was said before
 * it, newest first (S-084). Undefined where the mail may not be read (any more).
 */
export const forwarding = (
  { entries }: Pick<Thread, 'entries'>,
  messageId: string,
  telling: Telling,
): (Told & { readonly subject: string; readonly message: ShownMessage }) | undefined => {
  const mails = tellable(entries, telling.until).filter(({ channel }) => channel === 'email')
  const at = mails.findIndex((mail) => mail.messageId === messageId)
  const mail = mails[at]
  if (mail === undefined) return undefined
  const told = mails
    .slice(0, at + 1)
    .reverse()
    .map((each) => {
      const head: readonly (readonly [string, string])[] = [
        ['From', fromWords(each, telling)],
        ['Date', timeWords(each.at)],
        ['Subject', subjectOf(each)],
        ['To', peopleWords(each.content.to)],
      ]
      const known = head.filter(([, value]) => value !== '')
      return {
        text: [
          '---------- Forwarded message ----------',
          ...known.map(([name, value]) => `${name}: ${value}`),
          '',
          each.content.text.trimEnd(),
        ].join('\n'),
        html:
          '<p>---------- Forwarded message ----------<br />' +
          known.map(([name, value]) => `${name}: ${escaped(value)}`).join('<br />') +
          `</p><div>${bodyOf(each.content)}</div>`,
      }
    })
  return {
    message: mail,
    subject: subjectOf(mail),
    text: told.map(({ text }) => text).join('\n\n'),
    html: told.map(({ html }) => html).join(''),
  }
}
