/** Automatic, bulk, bounce or written by a person (domain.md § 4), from header fields alone. */
import type { MailClass } from '@threadbook/core'

/** Field names in lower case to their values, from the top. */
export type Fields = ReadonlyMap<string, readonly string[]>

type Signs = readonly (readonly [field: string, test: (value: string) => boolean])[]

const any = (): boolean => true

/** The first word, without comments, in lower case. */
const word = (value: string): string =>
  /^[^\s;,(]*/.exec(value.replace(/^(?:\([^()]*\)|\s)+/, ''))?.[0].toLowerCase() ?? ''
const oneOf =
  (...words: readonly string[]) =>
  (value: string) =>
    words.includes(word(value))
const noneOf =
  (...words: readonly string[]) =>
  (value: string) =>
    !words.includes(word(value))

const isReport = (value: string): boolean => word(value) === 'multipart/report'
/** A read receipt or a complaint: reports too, but nothing has come back. */
const isOtherReport = (value: string): boolean =>
  isReport(value) && /report-type\s*=\s*"?(?:disposition-notification|feedback-report)/i.test(value)
const mailerDaemon = (value: string): boolean => /\bmailer-?daemon(?=@|>|\s*\(|\s*$)/i.test(value)

const CAME_BACK: Signs = [
  ['content-type', (value) => isReport(value) && !isOtherReport(value)],
  ['x-failed-recipients', any],
  ['from', mailerDaemon],
  ['sender', mailerDaemon],
  ['return-path', mailerDaemon],
]
const AUTOMATIC: Signs = [
  ['auto-submitted', noneOf('no', '')],
  ['x-autoreply', any],
  ['x-autorespond', any],
  ['x-auto-response-suppress', noneOf('none', '')],
  ['precedence', oneOf('auto_reply')],
  ['content-type', isOtherReport],
]
const NO_RETURN: Signs = [['return-path', (value) => /^(?:<\s*>)?$/.test(value.trim())]]
const BULK: Signs = [['precedence', oneOf('bulk', 'list', 'junk')]]

/** Names of the fields that show one of the signs. */
const found = (fields: Fields, signs: Signs): readonly string[] =>
  signs.flatMap(([name, test]) => (fields.get(name)?.some(test) ? [name] : []))

const listFields = (fields: Fields): readonly string[] =>
  [...fields.keys()].filter((name) => name.startsWith('list-'))

export interface KindFound {
  readonly kind: MailClass
  readonly signs: readonly string[]
  readonly bulk: boolean
}

/**
 * Where several apply, the first of: a sure sign of a bounce (servers mark bounces as automatic,
 * too); automatic (absence notes often say "Precedence: bulk", or have no Return-Path so that
 * nobody answers them); no Return-Path; bulk.
 */
export const kindOf = (fields: Fields): KindFound => {
  const manySigns = [...found(fields, BULK), ...listFields(fields)]
  const ladder: readonly (readonly [MailClass, readonly string[]])[] = [
    ['bounce', found(fields, CAME_BACK)],
    ['automatic', found(fields, AUTOMATIC)],
    ['bounce', found(fields, NO_RETURN)],
    ['bulk', manySigns],
  ]
  const [kind, signs] = ladder.find(([, signs]) => signs.length > 0) ?? ['personal', []]
  return { kind, signs, bulk: manySigns.length > 0 }
}
