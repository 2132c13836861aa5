/** A view's filter term by term, in the words of the filter language, asked of a row. */
import { conditionText, type ConversationFilter } from '@threadbook/core'
import {
  filters,
  namedValue,
  predicate,
  type Filter,
  type Leaf,
  type Predicate,
  type Scalar,
} from '@threadbook/sourcing'
import { attributeOfColumn, compileFilter, type FilterContext } from '../filter-columns.js'
import { listTerms, type ListQuery } from '../list-query.js'
import { viewFilter, type ViewKey, type ViewScope } from '../views.js'

/** What a row says of a term's attribute. */
export type Found = Scalar | readonly string[]

export interface Term {
  /** `status:open`, `-label:vip`; facts that the language has no word for are written alike. */
  readonly text: string
  readonly holds: boolean
  /** What is there instead, or indeed; absent where a term speaks of more than one thing. */
  readonly found?: Found
  /** Of a term that is made of others. */
  readonly parts?: readonly Term[]
}

/** A term that is yet to be asked of a row. */
export interface Statement {
  readonly text: string
  readonly holds: Predicate
  readonly attribute?: string
  readonly parts?: readonly Statement[]
}

const among = (statements: readonly Statement[], word: 'and' | 'or'): string => {
  if (statements.length === 0) return word === 'and' ? 'anything' : 'nothing'
  const text = statements.map((each) => each.text).join(word === 'and' ? ' ' : ' or ')
  return statements.length === 1 ? text : `(${text})`
}

const joined = (parts: readonly Statement[], word: 'and' | 'or', filter: Filter): Statement =>
  parts.length === 1 ? parts[0]! : { text: among(parts, word), holds: predicate(filter), parts }

const negated = (part: Statement, filter: Filter): Statement => {
  const holds = predicate(filter)
  const text = part.text.startsWith('-') ? part.text.slice(1) : `-${part.text}`
  return part.parts === undefined ? { ...part, text, holds } : { text, holds, parts: part.parts }
}

const valueText = (value: Scalar): string => {
  if (value === null) return 'none'
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

const leafText = (leaf: Leaf): string => {
  const { operator, value } = leaf
  const attribute = attributeOfColumn(leaf.attribute)
  if (attribute !== undefined && (operator === 'is' || operator === 'isOneOf') && value !== null)
    return conditionText({ attribute, operator, value: value as readonly string[] })
  const name =
    attribute === undefined
      ? leaf.attribute.toLowerCase()
      : conditionText({ attribute, operator: 'isUnknown' }).replace(/:none$/, '')
  const values = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]
  const sign = operator === 'is' || operator === 'isOneOf' ? '' : `${operator} `
  return `${name}:${sign}${values.map(valueText).join()}`
}

/** A filter over the columns of the list. */
const stateFilter = (filter: Filter): Statement => {
  if ('and' in filter) return joined(filter.and.map(stateFilter), 'and', filter)
  if ('or' in filter) return joined(filter.or.map(stateFilter), 'or', filter)
  if ('not' in filter) return negated(stateFilter(filter.not), filter)
  return { text: leafText(filter), holds: predicate(filter), attribute: filter.attribute }
}

const columnsIn = (filter: Filter): ReadonlySet<string> => {
  if ('and' in filter) return new Set(filter.and.flatMap((part) => [...columnsIn(part)]))
  if ('or' in filter) return new Set(filter.or.flatMap((part) => [...columnsIn(part)]))
  return 'not' in filter ? columnsIn(filter.not) : new Set([filter.attribute])
}

/** A filter of somebody's own, in the words it was made of. */
const stateCondition = (filter: ConversationFilter, context: FilterContext): Statement => {
  const compiled = compileFilter(filter, context)
  const parts = (all: readonly ConversationFilter[]) =>
    all.map((part) => stateCondition(part, context))
  if ('and' in filter) return joined(parts(filter.and), 'and', compiled)
  if ('or' in filter) return joined(parts(filter.or), 'or', compiled)
  if ('not' in filter) return negated(stateCondition(filter.not, context), compiled)
  const [attribute, ...others] = columnsIn(compiled)
  return {
    text: conditionText(filter),
    holds: predicate(compiled),
    ...(attribute !== undefined && others.length === 0 && { attribute }),
  }
}

type Row = Readonly<Record<string, unknown>>

const foundIn = (row: Row, attribute: string): Found => {
  const named = namedValue(attribute)
  const values = named === undefined ? row : (row[named.column] as Row | undefined)
  const name = named?.name ?? attribute
  return values !== undefined && Object.hasOwn(values, name) ? (values[name] as Found) : null
}

export const termOf = ({ text, holds, attribute, parts }: Statement, row: Row): Term => ({
  text,
  holds: holds(row),
  ...(attribute !== undefined && { found: foundIn(row, attribute) }),
  ...(parts !== undefined && { parts: parts.map((part) => termOf(part, row)) }),
})

const conjuncts = <F extends object>(filter: F | { readonly and: readonly F[] }): readonly F[] =>
  'and' in filter ? filter.and.flatMap((part) => conjuncts<F>(part)) : [filter]

/** Those that all have to hold for a conversation to be in a standard view. */
export const viewStatements = (key: ViewKey, scope: ViewScope): readonly Statement[] => {
  const terms = conjuncts(viewFilter(key, scope)).map(stateFilter)
  const all = terms.filter(({ attribute }) => attribute !== 'account')
  return [...new Map(all.map((each) => [each.text, each])).values()]
}

/** Those that all have to hold for a row, with `unread` in it, to be in a list by a filter. */
export const listStatements = (query: ListQuery): readonly Statement[] => {
  const { filter, inboxes } = query
  return [
    ...(inboxes === undefined ? [] : [stateFilter(filters.isOneOf('inbox', inboxes))]),
    ...listTerms(query).map(stateFilter),
    ...conjuncts(filter).map((part) => stateCondition(part, query)),
  ]
}
