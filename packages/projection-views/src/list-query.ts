/** Lists by a filter of somebody's own: custom views, and searches. */
import type { ConversationFilter } from '@threadbook/core'
import { filters, predicate, type Filter, type Predicate } from '@threadbook/sourcing'
import type * as E from 'fp-ts/lib/Either.js'
import { compileFilter, speaksOf, UNREAD, type FilterContext } from './filter-columns.js'
import { everyInbox } from './every-inbox.js'
import {
  MOST_QUERIES,
  planPage,
  type InvalidQuery,
  type PageOptions,
  type PageQuery,
} from './page-plan.js'
import type { Sort } from './views.js'

const { and, is, isOneOf, not, or } = filters

export interface ListQuery extends FilterContext {
  readonly account: string
  /** Only these; all of the account's where left out. None: nothing is found (K-15). */
  readonly inboxes: readonly string[] | undefined
  readonly filter: ConversationFilter
  /** Leaves out what is in Spam, and what is in Trash (S-017, S-018). */
  readonly hideSpam: boolean
  readonly hideTrash: boolean
}

/**
 * In any list at all (D-04): not merged away, not on the help desk, and somebody wrote in it who is
 * neither blocked (D-08) nor a bot alone (D-26).
 */
const listed: readonly Filter[] = [
  is('merged', false),
  is('onHelpDesk', false),
  not(is('lastDirection', null)),
  not(and(is('botTookPart', true), is('hasInbound', false))),
]

/** A custom view shows what is in Spam or Trash only where its filter speaks of it. */
export const hiddenByDefault = (
  filter: ConversationFilter,
): Pick<ListQuery, 'hideSpam' | 'hideTrash'> => ({
  hideSpam: !speaksOf(filter, 'spam', 'spamCause'),
  hideTrash: !speaksOf(filter, 'trashed'),
})

/** What holds for each conversation of any list, whatever it is filtered by. */
export const listTerms = ({
  hideSpam,
  hideTrash,
}: Pick<ListQuery, 'hideSpam' | 'hideTrash'>): readonly Filter[] => [
  ...listed,
  ...(hideTrash ? [is('trashed', false)] : []),
  ...(hideSpam ? [is('spam', false)] : []),
]

/** All that holds for each of a list's conversations, but for the inbox. */
export const listFilter = (query: Omit<ListQuery, 'inboxes'>): Filter =>
  and(
    is('account', query.account),
    ...listTerms(query),
    perhaps(compileFilter(query.filter, query)),
  )

/** A list's conversations, whole: those of its inboxes, too. */
export const listedFilter = (query: ListQuery): Filter => {
  const where = listFilter(query)
  return query.inboxes === undefined ? where : and(where, isOneOf('inbox', query.inboxes))
}

/** One range of an index each, where there is one for them: by inbox. */
const partsOf = (query: ListQuery, known: readonly string[] = []): readonly Filter[] => {
  const where = listFilter(query)
  const inboxes = query.inboxes?.map((inbox) => is('inbox', inbox)) ?? everyInbox(known)
  const parts = inboxes.map((inbox) => and(inbox, where))
  return parts.length > 0 && parts.length <= MOST_QUERIES ? parts : [listedFilter(query)]
}

/** What to ask the read models for. `name` tells this list's cursors from others'. */
export const listQuery = (
  name: string,
  query: ListQuery,
  usual: Sort,
  options: PageOptions,
): E.Either<InvalidQuery, PageQuery> =>
  planPage(name, partsOf(query, options.known), usual, options)

/** The filter as it reads where all is unread, or nothing is. */
const supposing = (filter: Filter, unread: boolean): Filter => {
  if ('and' in filter) return and(...filter.and.map((part) => supposing(part, unread)))
  if ('or' in filter) return or(...filter.or.map((part) => supposing(part, unread)))
  if ('not' in filter) return not(supposing(filter.not, unread))
  if (filter.attribute !== UNREAD || filter.operator !== 'is') return filter
  return filter.value === unread ? and() : or()
}

const speaksOfUnread = (filter: Filter): boolean => {
  if ('and' in filter) return filter.and.some(speaksOfUnread)
  if ('or' in filter) return filter.or.some(speaksOfUnread)
  return 'not' in filter ? speaksOfUnread(filter.not) : filter.attribute === UNREAD
}

/** What may pass, whatever the viewer has read: no row knows that. */
const perhaps = (filter: Filter): Filter =>
  speaksOfUnread(filter) ? or(supposing(filter, true), supposing(filter, false)) : filter

/**
 * For a filter that speaks of unread: whether a row that was found passes it indeed, once it has
 * `unread` in it. Undefined for others, whose rows all do.
 */
export const exactly = ({ filter, ...context }: ListQuery): Predicate | undefined => {
  const compiled = compileFilter(filter, context)
  return speaksOfUnread(compiled) ? predicate(compiled) : undefined
}
