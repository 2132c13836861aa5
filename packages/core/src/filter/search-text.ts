/** What people type in a search box, taken apart: words, phrases and conditions. */
import type { Condition, ConversationFilter } from './types.js'

/** All of them have to hold. */
export interface SearchText {
  readonly terms: readonly Term[]
}

export type Term =
  /** Matches words that begin so. */
  | { readonly type: 'word'; readonly text: string }
  /** Matches these words, whole and in this order. */
  | { readonly type: 'phrase'; readonly text: string }
  | {
      readonly type: 'condition'
      readonly condition: Condition
      /** Written with a minus: what does not pass it. */
      readonly negated: boolean
    }

/** The conditions in it, as one filter. */
export const filterOfText = ({ terms }: SearchText): ConversationFilter => ({
  and: terms.flatMap((term) => {
    if (term.type !== 'condition') return []
    return [term.negated ? { not: term.condition } : term.condition]
  }),
})

/** A key's attribute, where several words lead to one. */
export const DATE_WORDS: Readonly<Record<string, 'before' | 'from' | 'until' | 'after' | 'on'>> = {
  before: 'before',
  since: 'from',
  until: 'until',
  after: 'after',
  on: 'on',
}

export const UNITS = { h: 'hours', d: 'days', w: 'weeks', m: 'months' } as const

/** Longest first, so that none hides another. */
export const DATE_SIGNS = [
  ['>=', 'from'],
  ['<=', 'until'],
  ['<', 'before'],
  ['>', 'after'],
  ['', 'on'],
] as const
export const NUMBER_SIGNS = [
  ['>=', 'atLeast'],
  ['<=', 'atMost'],
  ['<', 'lessThan'],
  ['>', 'greaterThan'],
  ['', 'is'],
] as const

/** A bare word: no blank, quote or comma in it, and it cannot be taken for something else. */
export const isBareValue = (text: string): boolean => /^[^\s",<>=][^\s",]*$/u.test(text)

/** Whether a word reads as a condition: letters, a colon, and something behind it (no URL). */
export const CONDITION =
  /^(-?)((?:[\p{L}]+\.(?:"(?:[^"\\]|\\.)*"|[^\s":]+))|\p{L}+):(?!\/\/)(?=\S)/u
