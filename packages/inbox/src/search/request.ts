/** What can be asked of a search, and what it means in the filter language. */
import {
  decodeFilter,
  filterOfText,
  parseSearchText,
  type Channel,
  type ConversationFilter,
  type InvalidFilter,
  type InvalidSearchText,
} from '@threadbook/core'
import type { PageOptions, Sort } from '@threadbook/projection-views'
import { phraseTerm, wordTerm, type SearchTerm } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'

/** `bestMatch`: by how often the words are there and in how long a text; without words, the newest first. */
export type SearchSort = Sort | 'bestMatch'

/** All that is named has to hold (S-009). */
export interface SearchRequest extends Omit<PageOptions, 'sort'> {
  /** Newest first unless told (S-019). */
  readonly sort?: SearchSort | undefined
  /** As people type it: words, "phrases", and conditions such as `status:open`. */
  readonly text?: string | undefined
  /** S-010. */
  readonly status?: 'open' | 'closed' | undefined
  /** Of the channel it was created from (S-011). */
  readonly channel?: Channel | readonly Channel[] | undefined
  /** The id of the contact that the conversation is associated with (S-012). */
  readonly contact?: string | undefined
  /** `user:…`, `team:…`, or `me` (S-013). */
  readonly assignee?: string | undefined
  /** A removed user's conversations were unassigned: they are found by who owned them once (S-015). */
  readonly formerly?: boolean | undefined
  /** The name of the bot chatflow that took part last (S-014). */
  readonly chatflow?: string | undefined
  /** Conversations that took place from this day on, or up to it: calendar days as 2026-11-01 (S-016). */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Leaves out what is in Spam (S-017). */
  readonly hideFiltered?: boolean | undefined
  /** Leaves out what is in Trash (S-018). */
  readonly hideTrash?: boolean | undefined
  /** What else has to hold. */
  readonly filter?: ConversationFilter | undefined
  /** The door's inbox unless told; `'all'` for the whole account. */
  readonly inbox?: string | readonly string[] | undefined
  /** The id of the user who looks. */
  readonly viewer?: string | undefined
  /** The IANA zone whose days are meant; the account's own unless told. */
  readonly zone?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Wanted {
  readonly terms: readonly SearchTerm[]
  /** Something was to be looked for that has no word in it. */
  readonly wordless: boolean
  readonly filter: ConversationFilter
}

/** More say no more. */
const MOST_TERMS = 16

const condition = (attribute: string, operator: string, value: unknown): unknown => ({
  attribute,
  operator,
  value,
})

const conditionsIn = (request: SearchRequest): readonly unknown[] => {
  const { status, channel, contact, assignee, formerly, chatflow, from, to } = request
  return [
    ...(status === undefined ? [] : [condition('status', 'is', status)]),
    ...(channel === undefined
      ? []
      : [condition('channel', 'isOneOf', typeof channel === 'string' ? [channel] : channel)]),
    ...(contact === undefined ? [] : [condition('contact', 'is', contact)]),
    ...(assignee === undefined
      ? []
      : [
          formerly === true
            ? condition('everOwner', 'has', assignee)
            : condition('owner', 'is', assignee),
        ]),
    ...(chatflow === undefined ? [] : [condition('chatflow', 'is', chatflow)]),
    ...(from === undefined ? [] : [condition('activity', 'from', from)]),
    ...(to === undefined ? [] : [condition('activity', 'until', to)]),
    ...(request.filter === undefined ? [] : [request.filter]),
  ]
}

export const wantedBy = (
  request: SearchRequest,
): E.Either<InvalidFilter | InvalidSearchText, Wanted> => {
  const parsed = parseSearchText(request.text ?? '')
  if (E.isLeft(parsed)) return parsed
  const filter = decodeFilter({ and: [...conditionsIn(request), filterOfText(parsed.right)] })
  if (E.isLeft(filter)) return filter
  const terms = parsed.right.terms.flatMap((term) => {
    if (term.type === 'condition') return []
    const made = term.type === 'word' ? wordTerm(term.text) : phraseTerm(term.text)
    return made === undefined ? [] : [made]
  })
  const looksFor = parsed.right.terms.some(({ type }) => type !== 'condition')
  return E.right({
    terms: terms.slice(0, MOST_TERMS),
    wordless: looksFor && terms.length === 0,
    filter: filter.right,
  })
}

/** The inboxes that are meant: the door's own, those that were named, or all. */
export const inboxesOf = (
  { inbox }: Door,
  asked: SearchRequest['inbox'],
): readonly string[] | undefined => {
  if (asked === 'all') return undefined
  return typeof asked === 'object' ? [...new Set(asked)] : [asked ?? inbox]
}
