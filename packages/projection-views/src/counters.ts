/** The exact counters of the list, by the very filters of the views. */
import type { SpamCause } from '@threadbook/core'
import { columnText, filters, predicate, type Filter, type Scalar } from '@threadbook/sourcing'
import type { ConversationRow } from './conversation-row.js'
import { partOf, viewOf, views, type ViewKey, type ViewScope } from './views.js'

const { and, is } = filters

/** A part of a counter's name: it cannot run into the next. */
export const namePart = (id: string): string =>
  /^[\w:.-]*$/.test(id)
    ? id
    : columnText(id).replace(/[~/]/g, (sign) => (sign === '~' ? '~0' : '~1'))

/** What the counters of one inbox, or of the whole account, begin with. */
const prefix = (account: string, inbox: string | undefined): string =>
  `${namePart(account)}/${inbox === undefined ? '' : namePart(inbox)}/`

/** The constants that a filter compares each attribute with. */
const constantsOf = (filter: Filter, found: Map<string, Set<Scalar>>): typeof found => {
  if ('and' in filter) for (const each of filter.and) constantsOf(each, found)
  else if ('or' in filter) for (const each of filter.or) constantsOf(each, found)
  else if ('not' in filter) constantsOf(filter.not, found)
  else if (filter.operator === 'is' || filter.operator === 'isOneOf') {
    const constants = found.get(filter.attribute) ?? new Set()
    for (const value of filter.operator === 'is' ? [filter.value] : filter.value)
      constants.add(value)
    found.set(filter.attribute, constants)
  } else throw new Error(`a standard view cannot be counted by ${filter.operator}`)
  return found
}

const counted = views.map((view) => ({
  ...view,
  holds: predicate(and(...view.where, ...(view.statusChoice ? [] : [is('status', view.status)]))),
}))

const constants = new Map<string, Set<Scalar>>([['status', new Set(['open', 'closed'])]])
for (const view of views) constantsOf(and(...view.where), constants)
const looksAt = [...constants].map(([attribute, values]) => ({
  attribute: attribute as keyof ConversationRow,
  size: values.size + 1,
  code: new Map<unknown, number>([...values].map((value, index) => [value, index + 1])),
}))

/** Equal for rows that no view can tell apart (but for account, inbox and owner). */
const signature = (row: ConversationRow): number => {
  let code = 0
  for (const { attribute, size, code: codes } of looksAt)
    code = code * size + (codes.get(row[attribute]) ?? 0)
  return code
}

/** Views that hold also what nobody can have unread: their other conversations are counted apart. */
const mixed: ReadonlySet<ViewKey> = new Set(['allClosed', 'sent', 'spam', 'trash'])

/** The counters of all rows that are of one kind, in one inbox. */
interface Kind {
  readonly names: readonly string[]
  /** Those of which each owner has one: what they begin with. */
  readonly perOwner: readonly string[]
}

const kindOf = (row: ConversationRow): Kind => {
  const { account, inbox, status, spamCause } = row
  const mine = counted.filter(({ holds }) => holds(row))
  const starts = [prefix(account, inbox), prefix(account, undefined)]
  const ends = mine.flatMap(({ key, perViewer }) => (perViewer ? [] : [`${key}/${status}`]))
  if (row.hasInbound && !row.spam)
    for (const { key } of mine) if (mixed.has(key)) ends.push(`${key}/${status}/readable`)
  if (!row.merged) ends.push('conversations')
  if (mine.some(({ key }) => key === 'spam')) ends.push(`spamCause/${String(spamCause)}`)
  const owned = mine.flatMap(({ key, perViewer }) => (perViewer ? [`${key}/${status}/`] : []))
  const all = (ends: readonly string[]) => starts.flatMap((start) => ends.map((end) => start + end))
  return { names: all(ends), perOwner: all(owned) }
}

// Worked out once for each kind: rows come by the million, their kinds by the dozen.
const MOST_KINDS = 10_000
const kinds = new Map<string, Kind>()

const rememberedKind = (row: ConversationRow): Kind => {
  const name = `${row.account}/${String(signature(row))}/${String(row.spamCause)}/${row.inbox}`
  const known = kinds.get(name)
  if (known !== undefined) return known
  if (kinds.size === MOST_KINDS) kinds.clear()
  const kind = kindOf(row)
  kinds.set(name, kind)
  return kind
}

/** The counters of `conversationRows`: every view by status, for the inbox and for the account. */
export const countersOf = (row: ConversationRow): readonly string[] => {
  const { names, perOwner } = rememberedKind(row)
  if (row.owner === null || perOwner.length === 0) return names
  const owner = namePart(row.owner)
  return [...names, ...perOwner.map((start) => start + owner)]
}

type CounterScope = Pick<ViewScope, 'account' | 'inbox'>

const prefixes = (scope: CounterScope): readonly string[] =>
  (partOf(scope).inboxes ?? [undefined]).map((inbox) => prefix(scope.account, inbox))

/** The counters whose sum is the number of a view's conversations. */
export const viewCounters = (key: ViewKey, scope: ViewScope): readonly string[] => {
  const view = viewOf(key)
  const asked = scope.status ?? view.status
  const statuses = (['open', 'closed'] as const).filter(
    (status) =>
      (asked === 'any' || asked === status) && (view.statusChoice || view.status === status),
  )
  const ends = view.perViewer ? partOf(scope).owners.map((owner) => `/${namePart(owner)}`) : ['']
  return prefixes(scope).flatMap((start) =>
    statuses.flatMap((status) => ends.map((end) => `${start}${key}/${status}${end}`)),
  )
}

/**
 * The counters whose sum is the number of a view's conversations that there can be something to
 * read in: something came in, and it is not spam.
 */
export const readableCounters = (key: ViewKey, scope: ViewScope): readonly string[] => {
  const counters = viewCounters(key, scope)
  return mixed.has(key) ? counters.map((name) => `${name}/readable`) : counters
}

/** The counters whose sum is the number of conversations in Spam for this cause. */
export const spamCauseCounters = (cause: SpamCause, scope: CounterScope): readonly string[] =>
  prefixes(scope).map((start) => `${start}spamCause/${cause}`)

/** The counter of an account's conversations. */
export const allConversations = (account: string): string =>
  `${prefix(account, undefined)}conversations`

/** The counters whose sum is the number of conversations, those merged into another left out. */
export const conversationCounters = (scope: CounterScope): readonly string[] =>
  prefixes(scope).map((start) => `${start}conversations`)
