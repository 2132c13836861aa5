/** The exact counters of the list, by the very filters of the views. */
import type { SpamCause } from '@threadbook/core'
import { columnText, filters, predicate, type Filter, type Scalar } from '@threadbook/sourcing'
import type { ConversationRow } from './conversation-row.js'
import { partOf, viewOf, views, type ViewKey, type ViewScope } from './views.js'

const { and, is } = filters

/** A part of a counter's name: it cannot run into the next. */
const part = (id: string): string =>
  columnText(id).replace(/[~/]/g, (sign) => (sign === '~' ? '~0' : '~1'))

/** What the counters of one inbox, or of the whole account, begin with. */
const prefix = (account: string, inbox: string | undefined): string =>
  `${part(account)}/${inbox === undefined ? '' : part(inbox)}/`

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

interface Membership {
  /** Counters by view and status. */
  readonly views: readonly string[]
  /** Counters by view and status that are kept for each owner. */
  readonly perOwner: readonly string[]
  readonly spam: boolean
}

const membership = (row: ConversationRow): Membership => {
  const mine = counted.filter(({ holds }) => holds(row))
  const byStatus = (perViewer: boolean) =>
    mine.filter((view) => view.perViewer === perViewer).map(({ key }) => `${key}/${row.status}`)
  return {
    views: [...byStatus(false), ...(row.merged ? [] : ['conversations'])],
    perOwner: byStatus(true),
    spam: mine.some(({ key }) => key === 'spam'),
  }
}

// Predicates and names are worked out once for each kind of row: rows come by the million, their
// kinds by the dozen.
const memberships = new Map<number, Membership>()
const named = new Map<string, readonly string[]>()
const MOST_NAMED = 10_000

const membershipOf = (row: ConversationRow, code: number): Membership => {
  const known = memberships.get(code)
  if (known !== undefined) return known
  const found = membership(row)
  memberships.set(code, found)
  return found
}

/** The counters of inbox and account that all rows of a kind are counted in. */
const namesOf = (row: ConversationRow, code: number): readonly string[] => {
  const kind = `${row.account}/${row.inbox}/${String(code)}`
  const known = named.get(kind)
  if (known !== undefined) return known
  const { views } = membershipOf(row, code)
  const names = [row.inbox, undefined].flatMap((inbox) =>
    views.map((view) => prefix(row.account, inbox) + view),
  )
  if (named.size === MOST_NAMED) named.clear()
  named.set(kind, names)
  return names
}

/** The counters of `conversationRows`: every view by status, for the inbox and for the account. */
export const countersOf = (row: ConversationRow): readonly string[] => {
  const code = signature(row)
  const names = namesOf(row, code)
  const { perOwner, spam } = membershipOf(row, code)
  const owned = row.owner !== null && perOwner.length > 0
  if (!spam && !owned) return names
  const all = [...names]
  for (const inbox of [row.inbox, undefined]) {
    const start = prefix(row.account, inbox)
    if (owned) for (const view of perOwner) all.push(`${start}${view}/${part(row.owner)}`)
    if (spam) all.push(`${start}spamCause/${String(row.spamCause)}`)
  }
  return all
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
  const ends = view.perViewer ? partOf(scope).owners.map((owner) => `/${part(owner)}`) : ['']
  return prefixes(scope).flatMap((start) =>
    statuses.flatMap((status) => ends.map((end) => `${start}${key}/${status}${end}`)),
  )
}

/** The counters whose sum is the number of conversations in Spam for this cause. */
export const spamCauseCounters = (cause: SpamCause, scope: CounterScope): readonly string[] =>
  prefixes(scope).map((start) => `${start}spamCause/${cause}`)

/** The counters whose sum is the number of conversations, those merged into another left out. */
export const conversationCounters = (scope: CounterScope): readonly string[] =>
  prefixes(scope).map((start) => `${start}conversations`)
