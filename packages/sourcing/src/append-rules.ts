/** What every store refuses, and how it answers: written once, so that all speak one language. */
import * as E from 'fp-ts/lib/Either.js'
import type { NewEvent, StreamName } from './event.js'
import type { Append, ExpectedRevision, InvalidAppend } from './event-store.js'

/** An event as it is stored: data and metadata as JSON text. */
export interface EncodedEvent {
  readonly id: string
  readonly type: string
  readonly data: string
  readonly metadata: string
}

export interface CheckedAppend {
  readonly stream: StreamName
  readonly expected: ExpectedRevision
  readonly events: readonly EncodedEvent[]
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
// Neither fits into every store's text.
const NUL_OR_LONE_SURROGATE = /[\0\p{Surrogate}]/u

const A_NAME = 'a text that is not empty, without NUL and lone surrogates'
const isName = (name: unknown): boolean =>
  typeof name === 'string' && name !== '' && !NUL_OR_LONE_SURROGATE.test(name)

const isExpectedRevision = (expected: unknown): boolean =>
  expected === 'any' ||
  expected === 'noStream' ||
  expected === 'streamExists' ||
  (Number.isSafeInteger(expected) && (expected as number) >= 0)

const json = (value: unknown): string | undefined => {
  try {
    // Undefined for what JSON leaves out (a function, undefined itself), whatever its type says.
    const text: string | undefined = JSON.stringify(value)
    return text
  } catch {
    return undefined
  }
}

/** As `json`; what a command's events have in common is written once. */
const rememberingJson = (): typeof json => {
  let last: unknown
  let text: string | undefined
  return (value) => {
    if (value !== last || text === undefined) text = json(value)
    last = value
    return text
  }
}

type Refuse = (field: string, expected: string) => E.Either<InvalidAppend, never>

const checkEvent = (
  event: NewEvent,
  metadataJson: typeof json,
  refuse: Refuse,
): E.Either<InvalidAppend, EncodedEvent> => {
  if (!UUID.test(event.id)) return refuse('id', 'a UUID in lower case')
  if (!isName(event.type)) return refuse('type', A_NAME)
  const data = json(event.data)
  if (data === undefined) return refuse('data', 'what JSON can hold')
  const metadata = metadataJson(event.metadata)
  if (metadata === undefined) return refuse('metadata', 'what JSON can hold')
  return E.right({ id: event.id, type: event.type, data, metadata })
}

const checkAppend = ({
  stream,
  expected,
  events,
}: Append): E.Either<InvalidAppend, CheckedAppend> => {
  const refuse: Refuse = (field, wanted) =>
    E.left({ type: 'InvalidAppend', stream, field, expected: wanted })
  if (!isName(stream)) return refuse('stream', A_NAME)
  if (!isExpectedRevision(expected))
    return refuse('expected', `'any', 'noStream', 'streamExists' or a revision from 0 on`)
  if ((events as readonly NewEvent[]).length === 0) return refuse('events', 'at least one event')
  const ids = new Set<string>()
  const metadataJson = rememberingJson()
  const encoded: EncodedEvent[] = []
  for (const [index, event] of events.entries()) {
    const refuseIts: Refuse = (field, wanted) => refuse(`events.${String(index)}.${field}`, wanted)
    if (ids.has(event.id)) return refuseIts('id', 'each id once')
    ids.add(event.id)
    const checked = checkEvent(event, metadataJson, refuseIts)
    if (E.isLeft(checked)) return checked
    encoded.push(checked.right)
  }
  return E.right({ stream, expected, events: encoded })
}

/** Appends as they can be stored, or what is wrong with the first that cannot. */
export const checkAppends = (
  appends: readonly Append[],
): E.Either<InvalidAppend, readonly CheckedAppend[]> => {
  const streams = new Set<StreamName>()
  const checked: CheckedAppend[] = []
  for (const append of appends) {
    const { stream } = append
    if (streams.has(stream))
      return E.left({
        type: 'InvalidAppend',
        stream,
        field: 'stream',
        expected: 'each stream once',
      })
    streams.add(stream)
    const result = checkAppend(append)
    if (E.isLeft(result)) return result
    checked.push(result.right)
  }
  return E.right(checked)
}

/** Whether a stream is where an append expects it. */
export const isExpected = (expected: ExpectedRevision, actual: number | 'noStream'): boolean => {
  if (expected === 'any') return true
  if (expected === 'streamExists') return actual !== 'noStream'
  return expected === actual
}

/**
 * The revision at which the first event stands if the append is a repetition; undefined where it
 * cannot be one.
 */
export const repetitionStart = (expected: ExpectedRevision): number | undefined => {
  if (expected === 'noStream') return 0
  return typeof expected === 'number' ? expected + 1 : undefined
}
