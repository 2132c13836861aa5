import * as E from 'fp-ts/lib/Either.js'
import type {
  Appended,
  AppendFault,
  CheckedAppend,
  Conflict,
  EncodedEvent,
  ReadFault,
  ReadStreamOptions,
  StreamName,
  StreamSlice,
} from '@threadbook/sourcing'
import { guarded, sleep, type Limits } from './clock.js'
import type { AppendAnswer, ClientEvent, Connection } from './client.js'
import { unavailable, type Understood } from './faults.js'
import type { KnownIds } from './known-ids.js'
import { persist, type Patience } from './persist.js'
import { toPosition } from './position.js'

export interface AppendDeps {
  readonly connection: Connection
  readonly limits: Limits
  readonly patience: Patience
  readonly known: KnownIds
  readonly readStream: (
    stream: StreamName,
    options?: ReadStreamOptions,
  ) => Promise<E.Either<ReadFault, StreamSlice>>
  /** The server's limit on an append is smaller than we thought. */
  readonly onLimit: (limit: number) => void
}

type Answer = E.Either<AppendFault, Appended>
type Revision = number | 'noStream'

const utf8 = new TextEncoder()

const clientEvent = ({ id, type, data, metadata }: EncodedEvent): ClientEvent => ({
  id,
  contentType: 'application/json',
  type,
  data: JSON.parse(data) as Record<string, unknown>,
  metadata: utf8.encode(metadata),
})

/** What counts against the limit of an append. */
export const bytesOf = ({ events }: CheckedAppend): number =>
  events.reduce(
    (bytes, { data, metadata }) => bytes + Buffer.byteLength(data) + Buffer.byteLength(metadata),
    0,
  )

/** A client that was told not to throw answers so, with a revision that is none. */
class NotAppended extends Error {
  readonly type = 'wrong-expected-version'
}

/** The first look at what stands is number 0. */
const LAST_LOOK = 3

const placeBehind = (at: Revision): number => (at === 'noStream' ? 0 : at + 1)

const mayStandBehind = (at: Revision, events: number, why: Understood): boolean =>
  why.kind === 'conflict' &&
  (why.actual === undefined || placeBehind(why.actual) >= placeBehind(at) + events)

export const appender = ({
  connection,
  limits,
  patience,
  known,
  readStream,
  onLimit,
}: AppendDeps): ((append: CheckedAppend) => Promise<Answer>) => {
  const { clock, pause, signal } = patience
  const send = async (
    { stream, events }: CheckedAppend,
    at: Revision,
    isRepeated: boolean,
  ): Promise<AppendAnswer> => {
    const credentials = connection.credentialsFor(isRepeated)
    const expected = at === 'noStream' ? 'no_stream' : BigInt(at)
    const answer = await guarded(limits, () =>
      connection.append(stream, events.map(clientEvent), {
        expectedRevision: expected,
        streamState: expected,
        requiresLeader: true,
        deadline: limits.timeoutMs,
        ...(credentials === undefined ? {} : { credentials }),
      }),
    )
    if (!answer.success) throw new NotAppended('not appended')
    return answer
  }

  const endOf = async (stream: StreamName): Promise<E.Either<ReadFault, Revision>> =>
    E.map(({ events: [last] }: StreamSlice): Revision => last?.revision ?? 'noStream')(
      await readStream(stream, { direction: 'backwards', limit: 1 }),
    )

  const conflict = async (
    { stream, expected }: CheckedAppend,
    told?: Revision,
  ): Promise<E.Either<ReadFault | Conflict, never>> => {
    const end = told === undefined ? await endOf(stream) : E.right(told)
    if (E.isLeft(end)) return end
    // The log itself went back, as after a restored backup.
    if (end.right === 'noStream' || end.right + 1 < known.next(stream)) known.forget(stream)
    return E.left({ type: 'Conflict', stream, expected, actual: end.right })
  }

  /**
   * Whether the events stand right behind the place, in spite of the conflict. For a moment the
   * server does not know that of what it has just taken, if their ids stand in another stream, too.
   */
  const repetition = async (
    { stream, events }: CheckedAppend,
    at: Revision,
  ): Promise<E.Either<ReadFault, Appended | undefined>> => {
    const from = placeBehind(at)
    for (let attempt = 0; ; attempt++) {
      const slice = await readStream(stream, { from, limit: events.length })
      if (E.isLeft(slice)) return slice
      const standing = slice.right.events
      if (standing.some(({ id, revision }, i) => id !== events[i]?.id || revision !== from + i))
        return E.right(undefined)
      const last = standing.at(-1)
      if (last !== undefined && standing.length === events.length)
        return E.right({ stream, revision: last.revision, position: last.position })
      // Taken, but not to be read yet; or hidden from all readers.
      if (attempt === LAST_LOOK || signal.aborted) return E.right(undefined)
      await sleep(clock, pause(attempt), signal)
    }
  }

  const faultOf = async (append: CheckedAppend, why: Understood): Promise<Answer> => {
    const { stream } = append
    switch (why.kind) {
      case 'conflict':
        return conflict(append, why.actual)
      case 'ended':
        return E.left({ type: 'StreamEnded', stream })
      case 'tooLarge':
        onLimit(why.limit)
        return E.left({ type: 'AppendTooLarge', stream, bytes: bytesOf(append), limit: why.limit })
      case 'absent':
        return E.left(unavailable('the server did not find the stream it was to append to'))
      case 'refused':
        return E.left(unavailable(why.reason))
      case 'passing':
        return E.left(unavailable(`tried again and again, may be stored or not: ${why.reason}`))
    }
  }

  /**
   * At one place only: however often it is sent, and whatever became of it before, the same events
   * stand there at most once.
   */
  const appendAt = async (append: CheckedAppend, at: Revision): Promise<Answer> => {
    const { stream, events } = append
    const sent = await persist(patience, (failures) => send(append, at, failures > 0))
    if (E.isLeft(sent)) {
      if (mayStandBehind(at, events.length, sent.left)) {
        const repeated = await repetition(append, at)
        if (E.isLeft(repeated)) return repeated
        if (repeated.right !== undefined) return E.right(repeated.right)
      }
      return faultOf(append, sent.left)
    }
    const { nextExpectedRevision, position } = sent.right
    const revision = Number(nextExpectedRevision)
    const first = revision + 1 - events.length
    known.appended(stream, { from: at === 'noStream' ? 0 : first, first }, events)
    return E.right({
      stream,
      revision,
      ...(position === undefined ? {} : { position: toPosition(position) }),
    })
  }

  /** Whether one of the ids stands there already; what is not known of the stream is read. */
  const standsBelow = async (
    { stream, events }: CheckedAppend,
    revision: number,
  ): Promise<E.Either<ReadFault, boolean>> => {
    const from = known.missing(stream, revision)
    if (from !== undefined) {
      const slice = await readStream(stream, { from, limit: revision + 1 - from })
      if (E.isLeft(slice)) return slice
    }
    return E.right(events.some(({ id }) => known.has(stream, id, revision)))
  }

  /** Wherever the stream ends: there exactly, and again where others were faster. */
  const appendAtEnd = async (append: CheckedAppend): Promise<Answer> => {
    const { stream, expected } = append
    const began = clock.now()
    let end = await endOf(stream)
    for (;;) {
      if (E.isLeft(end)) return end
      const at = end.right
      if (at === 'noStream' && expected === 'streamExists') return conflict(append, at)
      const stands = at === 'noStream' ? E.right(false) : await standsBelow(append, at)
      if (E.isLeft(stands)) return stands
      if (stands.right) return conflict(append, at)
      const answer = await appendAt(append, at)
      if (E.isRight(answer))
        // Only what stood in a stream that was deleted is answered without a position.
        return answer.right.position === undefined ? conflict(append, at) : answer
      if (answer.left.type !== 'Conflict') return answer
      if (clock.now() - began >= patience.patienceMs)
        return E.left(unavailable('others were faster again and again; it was not stored'))
      end = E.right(answer.left.actual)
    }
  }

  return async (append) => {
    const { expected } = append
    if (expected === 'any' || expected === 'streamExists') return appendAtEnd(append)
    if (expected === 'noStream') return appendAt(append, expected)
    const stands = await standsBelow(append, expected)
    if (E.isLeft(stands)) return stands
    return stands.right ? conflict(append) : appendAt(append, expected)
  }
}
