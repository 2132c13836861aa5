/** A conversation as lines: what it is about, and what was said, each with who and when. */
import type {
  Entry,
  OutgoingEntry,
  Sending,
  ShownMessage,
  ShownPerson,
  Thread,
} from '@threadbook/projection-thread'
import { isErased } from '@threadbook/sourcing'
import type { Screen } from './screen.js'
import { fullTime } from './short-time.js'
import { clean, cleanLines, wrap } from './terminal-text.js'
import {
  actorWords,
  causeWords,
  channelWords,
  ERASED,
  NO_SUBJECT,
  shownText,
  sizeWords,
  UNKNOWN,
} from './words.js'

const personWords = ({ who }: ShownPerson): string => {
  if (isErased(who)) return ERASED
  const name = clean(who.name ?? '')
  const address = clean(who.address)
  return name !== '' && address !== '' ? `${name} <${address}>` : name || address || UNKNOWN
}

const fromWords = ({ from, actor }: ShownMessage): string =>
  from === null ? actorWords(actor) : personWords(from)

const toWords = ({ to }: Pick<ShownMessage, 'to'>): string =>
  to.length === 0 ? '' : ` to ${to.map(personWords).join(', ')}`

const sendingWords = ({ status, reason }: Sending): readonly string[] => {
  const because = shownText(reason)
  if (status === 'failed') return [`did not arrive: ${because || 'no reason given'}`]
  if (status === 'unknown') return ['nobody knows whether it arrived']
  if (status === 'waiting') return [because === '' ? 'to be sent' : `to be sent again: ${because}`]
  return status === 'sent' ? [] : [status === 'sending' ? 'being sent' : status]
}

const tagsOf = ({ filtered, sending }: ShownMessage): readonly string[] => [
  ...(filtered === null ? [] : [`filtered: ${causeWords[filtered]}`]),
  ...(sending === null ? [] : sendingWords(sending)),
]

const attachmentsOf = ({ attachments }: ShownMessage): readonly string[] =>
  attachments.map(
    ({ name, size, mimeType }) =>
      `[${shownText(name) || 'attachment'}, ${sizeWords(size)}, ${clean(mimeType)}]`,
  )

/** Without the empty lines at both ends. */
const trimmed = (lines: readonly string[]): readonly string[] => {
  const first = lines.findIndex((line) => line !== '')
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line !== '') + 1)
}

const textLines = (text: string): readonly string[] => trimmed(cleanLines(text))

const INDENT = '  '

/** What was done, and what stands below it. */
const outgoingWords = (entry: OutgoingEntry): readonly [string, readonly string[]] => {
  switch (entry.type) {
    case 'forward': {
      if (entry.hidden !== null) return ['forwards', [entry.hidden.text]]
      const note = isErased(entry.content) ? [ERASED] : textLines(entry.content.text)
      return [`forwards${toWords(entry)}`, [...sendingWords(entry.sending), ...note]]
    }
    case 'transcript':
      return [`sends a transcript${toWords(entry)}`, sendingWords(entry.sending)]
    case 'call':
      return [`calls ${shownText(entry.number)}`, entry.outcome === null ? [] : [entry.outcome]]
    case 'channelSwitch':
      return [`goes on by ${channelWords[entry.channel]}${toWords({ to: [entry.to] })}`, []]
  }
}

const entryLines = (entry: Entry, { columns, bold, dim, now }: Screen): readonly string[] => {
  const time = dim(fullTime(entry.at, now))
  const body = (lines: readonly string[]) =>
    lines
      .flatMap((line) => wrap(line, columns - INDENT.length))
      .map((line) => `${INDENT}${line}`.trimEnd())
  if (entry.type === 'comment') {
    const text = isErased(entry.text) ? [ERASED] : textLines(entry.text)
    return [`${bold(actorWords(entry.actor))} ${dim('comments')}  ${time}`, ...body(text)]
  }
  if (entry.type !== 'message') {
    const [done, below] = outgoingWords(entry)
    return [`${bold(actorWords(entry.actor))} ${dim(done)}  ${time}`, ...body(below)]
  }
  if (entry.hidden !== null) return [time, ...body([entry.hidden.text])]
  const text = isErased(entry.content) ? [ERASED] : textLines(entry.content.text)
  const cut = !isErased(entry.content) && entry.content.cut === true
  return [
    `${bold(fromWords(entry))}${dim(toWords(entry))}  ${time}`,
    ...body(tagsOf(entry)).map(dim),
    ...body(text),
    ...body([
      ...(cut ? ['[it goes on: this is only its beginning]'] : []),
      ...attachmentsOf(entry),
    ]).map(dim),
  ]
}

const subjectOf = ({ entries }: Thread): string => {
  for (const entry of entries)
    if (entry.type === 'message' && entry.hidden === null && entry.subject !== null)
      return shownText(entry.subject) || NO_SUBJECT
  return NO_SUBJECT
}

const factsOf = (thread: Thread, now: Date): readonly string[] => [
  thread.status,
  `by ${channelWords[thread.source]}`,
  thread.owner === null ? 'unassigned' : `assigned to ${actorWords(thread.owner)}`,
  ...(thread.bot === null ? [] : [`held by the bot ${clean(thread.bot)}`]),
  ...(thread.spam === null ? [] : [`spam: ${causeWords[thread.spam]}`]),
  ...(thread.trashed ? ['in Trash'] : []),
  ...(thread.snoozedUntil === null ? [] : [`snoozed until ${fullTime(thread.snoozedUntil, now)}`]),
  ...(thread.mergedInto === null ? [] : [`merged into ${clean(thread.mergedInto)}`]),
  ...(thread.continues === null ? [] : [`continues ${clean(thread.continues)}`]),
  ...(thread.continuedIn === null ? [] : [`continued in ${clean(thread.continuedIn)}`]),
]

export const threadLines = (thread: Thread, screen: Screen): readonly string[] => [
  screen.bold(subjectOf(thread)),
  ...wrap(factsOf(thread, screen.now).join(' · '), screen.columns).map(screen.dim),
  ...thread.entries.flatMap((entry) => ['', ...entryLines(entry, screen)]),
]
