/** A view as lines: its name, its count, and its first conversations in columns. */
import type { ListItem, View } from '@threadbook/projection-views'
import { isErased } from '@threadbook/sourcing'
import type { Screen } from './screen.js'
import { shortTime } from './short-time.js'
import { clean, cutToWidth, fitToWidth, widthOf } from './terminal-text.js'
import { causeWords, ERASED, NO_SUBJECT, shownText, UNKNOWN } from './words.js'

/** The contact's name, else the address, else what the stranger is called. */
export const whoOf = ({ contact, stranger }: Pick<ListItem, 'contact' | 'stranger'>): string => {
  if (contact !== null) return shownText(contact.name) || shownText(contact.address) || UNKNOWN
  if (stranger === null) return UNKNOWN
  if (isErased(stranger)) return ERASED
  return clean(stranger.name ?? '') || clean(stranger.address) || UNKNOWN
}

interface Row {
  readonly id: string
  readonly time: string
  readonly who: string
  /** How many others take part. */
  readonly others: string
  /** ↩: the team has answered; !: its last message did not arrive; ?: nobody knows if it did. */
  readonly mark: string
  readonly cause: string
  readonly subject: string
  readonly preview: string
}

const rowOf = (item: ListItem, view: View, now: Date): Row => {
  const subject = shownText(item.subject)
  const preview = shownText(item.preview)
  const closed = view.status === 'any' && item.status === 'closed' ? '[closed] ' : ''
  return {
    id: clean(item.conversationId),
    time: shortTime(item.lastMessageAt, now),
    who: whoOf(item),
    others: item.participants > 1 ? ` +${item.participants - 1}` : '',
    mark: item.deliveryFailed ? '!' : item.deliveryUnknown ? '?' : item.replied ? '↩' : '',
    cause: view.key === 'spam' && item.spam !== null ? causeWords[item.spam] : '',
    subject: `${closed}${subject || NO_SUBJECT}`,
    // Where both are erased or hidden, once is enough.
    preview: preview === subject ? '' : preview,
  }
}

const GAP = '  '
const LONGEST_WHO = 24

/** Who fits beside the number of others, which is never cut. */
const whoColumn = ({ who, others }: Row, width: number): string =>
  fitToWidth(cutToWidth(who, width - others.length) + others, width)

/** A column without a text takes no room. */
const rowLines = (rows: readonly Row[], { columns, dim }: Screen, ids: boolean) => {
  const widest = (text: (row: Row) => string) => Math.max(...rows.map((row) => widthOf(text(row))))
  const time = widest((row) => row.time)
  const quarter = Math.floor(columns / 4)
  const longestWho = widest(({ who, others }) => who + others)
  const who = Math.min(LONGEST_WHO, quarter, longestWho)
  const mark = widest((row) => row.mark)
  const longestCause = widest((row) => row.cause)
  const cause = Math.min(quarter, longestCause)
  const taken = [time, who, mark, cause].filter((width) => width > 0)
  const left = columns - taken.reduce((sum, width) => sum + GAP.length + width, GAP.length)
  return rows.flatMap((row) => {
    const subject = cutToWidth(row.subject, left)
    const preview = cutToWidth(row.preview && ` – ${row.preview}`, left - widthOf(subject))
    const cells = [
      dim(row.time.padStart(time)),
      whoColumn(row, who),
      ...(mark > 0 ? [fitToWidth(row.mark, mark)] : []),
      ...(cause > 0 ? [dim(fitToWidth(row.cause, cause))] : []),
      `${subject}${preview && dim(preview)}`,
    ]
    const line = `${GAP}${cells.join(GAP)}`.trimEnd()
    return ids ? [line, `${GAP}${' '.repeat(time)}${GAP}${dim(row.id)}`] : [line]
  })
}

export interface ShownView {
  readonly view: View
  readonly count: number
  /** The first of them. */
  readonly items: readonly ListItem[]
}

export const viewLines = (
  { view, count, items }: ShownView,
  screen: Screen,
  { ids = false }: { readonly ids?: boolean } = {},
): readonly string[] => {
  const head = `${screen.bold(view.name)} ${screen.dim('·')} ${count.toLocaleString('en')}`
  if (items.length === 0) return [head]
  const rows = items.map((item) => rowOf(item, view, screen.now))
  const more = count - items.length
  const rest = more > 0 ? [screen.dim(`${GAP}and ${more.toLocaleString('en')} more`)] : []
  return [head, ...rowLines(rows, screen, ids), ...rest]
}
