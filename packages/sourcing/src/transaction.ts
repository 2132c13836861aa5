/** What one attempt at a command works on: streams as they are stored, then as they were decided. */
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { CachedStates, Envelope } from './cached-states.js'
import type { Category } from './decider.js'
import type { DomainEvent, IsoTime, Metadata, NewEvent, StreamEvent, StreamName } from './event.js'
import type { EventStore } from './event-store.js'
import { decodeEvent } from './event-type.js'
import { Faulted } from './faulted.js'
import type { KeyRing } from './key-ring.js'
import { keysToSealWith, sealData, type Key } from './sealed.js'
import { streamName } from './stream-name.js'
import type { KeyId } from './vault.js'

export interface CommandContext {
  readonly account: string
  readonly actor: string
  readonly commandId: string
  /** Where it happened at another time than now; later than now counts as now. */
  readonly occurredAt?: IsoTime | undefined
  readonly correlationId?: string | undefined
  readonly causationId?: string | undefined
}

/** The key that a field must be sealed with is gone: it was purged or erased meanwhile. */
export interface KeyGone {
  readonly type: 'KeyGone'
  readonly key: KeyId
}

export interface Transaction {
  readonly context: CommandContext
  /** The state as this transaction would leave it. Borrowed: read it before the next await. */
  readonly load: <S, E extends DomainEvent>(
    category: Category<never, S, E, unknown>,
    id: string,
  ) => Promise<S>
  /**
   * Decides on a stream. Its events join the transaction; how many there are is the answer. A
   * stream that has accepted this command id before is left as it is.
   */
  readonly decide: <C, S, E extends DomainEvent, R>(
    category: Category<C, S, E, R>,
    id: string,
    command: C,
  ) => Promise<E.Either<R, number>>
  readonly freshKey: () => Promise<KeyId>
  /** The same transaction, for another command of the same account: both are stored, or neither. */
  readonly under: (context: CommandContext) => Transaction
}

type AnyCategory = Category<never, unknown, DomainEvent, unknown>

export interface OpenedStream {
  readonly category: AnyCategory
  readonly envelope: Envelope
  /** The revision as stored. */
  readonly loadedAt: number
  readonly staged: NewEvent[]
  /** Of the transaction's decisions, which was the first on this stream. */
  decidedAt: number | undefined
  /** The revision that a repeated command led to, the first time. */
  repeatedAt: number | undefined
}

export type OpenedStreams = Map<StreamName, Promise<OpenedStream>>

const LARGEST_SLICE = 2_000
/** While another is at work on the stream: its state may come back before all is read. */
const SHARED_SLICE = 16

/** Folds what comes next; whether that was all. */
const foldSlice = async (
  store: EventStore,
  stream: StreamName,
  category: AnyCategory,
  { envelope, limit }: { readonly envelope: Envelope; readonly limit: number },
): Promise<boolean> => {
  const decode = decodeEvent(category.events)
  const slice = await store.readStream(stream, { from: envelope.revision + 1, limit })()
  if (E.isLeft(slice)) throw new Faulted(slice.left)
  for (const stored of slice.right.events) {
    const event = decode(stored)
    if (E.isLeft(event)) throw new Faulted(event.left)
    envelope.state = category.evolve(envelope.state, event.right)
    envelope.revision = event.right.revision
    envelope.commands.set(event.right.metadata.commandId, event.right.revision)
  }
  return slice.right.events.length < limit
}

/**
 * A stream's state as it is stored now. While another has the kept state, the stream is read anew,
 * but in slices that begin small: the state of a long stream is sooner given back than read.
 */
const upToDate = async (
  store: EventStore,
  states: CachedStates,
  stream: StreamName,
  category: AnyCategory,
): Promise<Envelope> => {
  let envelope = states.borrow(stream) ?? {
    state: category.initial(),
    revision: -1,
    commands: new Map<string, number>(),
  }
  let limit = states.isShared(stream) ? SHARED_SLICE : LARGEST_SLICE
  try {
    while (!(await foldSlice(store, stream, category, { envelope, limit }))) {
      limit = Math.min(limit * 2, LARGEST_SLICE)
      if (states.isShared(stream)) await setImmediate()
      envelope = states.takeNewer(stream, envelope) ?? envelope
    }
    return envelope
  } catch (error) {
    states.giveBack(stream)
    throw error
  }
}

/** Of a command's events: one object for all of the same schema version, to be written out once. */
const metadataOf = (
  context: CommandContext,
  recordedAt: IsoTime,
): ((schemaVersion: number) => Metadata) => {
  const { account, actor, commandId, correlationId, causationId, occurredAt } = context
  const made = new Map<number, Metadata>()
  const make = (schemaVersion: number): Metadata => ({
    schemaVersion,
    account,
    actor,
    commandId,
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
    occurredAt: occurredAt !== undefined && occurredAt < recordedAt ? occurredAt : recordedAt,
    recordedAt,
  })
  return (schemaVersion) => {
    const metadata = made.get(schemaVersion) ?? make(schemaVersion)
    made.set(schemaVersion, metadata)
    return metadata
  }
}

/**
 * Seals an event's data for its stream; the event that gives a stream its key names it in `key`.
 * What was asked of the ring is remembered: many events of one attempt are sealed with one key.
 */
const sealer = (keys: KeyRing) => {
  const known = new Map<KeyId, Key>()
  const ask = async (id: KeyId): Promise<Key> => {
    const key = await keys.key(id)
    if (key === undefined) throw new Faulted<KeyGone>({ type: 'KeyGone', key: id })
    known.set(id, key)
    return key
  }
  return async (
    { category, envelope }: OpenedStream,
    { type, data }: DomainEvent,
    eventId: string,
  ): Promise<unknown> => {
    const names = keysToSealWith(data)
    if (names.size === 0) return data
    const found = new Map<KeyId | 'stream', Key>()
    for (const name of names) {
      const id =
        name === 'stream'
          ? (category.keyOf?.(envelope.state) ?? (data as { key?: KeyId }).key)
          : name
      if (id === undefined) throw new Error(`${type}: its stream has no key to seal with`)
      found.set(name, known.get(id) ?? (await ask(id)))
    }
    return sealData(data, eventId, (name) => found.get(name)!)
  }
}

/**
 * Begins an attempt. It borrows the states it works on, and whoever ends it gives them back.
 */
export const beginTransaction = (
  deps: {
    readonly store: EventStore
    readonly keys: KeyRing
    readonly now: () => IsoTime
    readonly states: CachedStates
  },
  context: CommandContext,
): { readonly transaction: Transaction; readonly opened: OpenedStreams } => {
  const { store, keys, now, states } = deps
  const opened: OpenedStreams = new Map()
  const recordedAt = now()
  const seal = sealer(keys)
  let decisions = 0
  const load = async (category: AnyCategory, stream: StreamName): Promise<OpenedStream> => {
    const envelope = await upToDate(store, states, stream, category)
    const loadedAt = envelope.revision
    return { category, envelope, loadedAt, staged: [], decidedAt: undefined, repeatedAt: undefined }
  }

  const open = (category: AnyCategory, stream: StreamName): Promise<OpenedStream> => {
    const loading = opened.get(stream) ?? load(category, stream)
    opened.set(stream, loading)
    return loading
  }

  const under = (context: CommandContext): Transaction => {
    const metadata = metadataOf(context, recordedAt)
    const { account, commandId } = context

    const stage = async (stream: StreamName, on: OpenedStream, event: DomainEvent) => {
      const { category, envelope, staged } = on
      const type = category.events.byName.get(event.type)
      if (type === undefined) throw new Error(`${event.type}: not an event of ${category.category}`)
      // Made once an attempt: two attempts at one command hold different things (keys, ids), and one
      // must not pass for the other's repetition. What was accepted is known by its command id.
      const id = randomUUID()
      const data = await seal(on, event, id)
      if (!type.data.is(data))
        throw new Error(`${event.type}: the decider of ${category.category} made malformed data`)
      const made: NewEvent = {
        id,
        type: event.type,
        data,
        metadata: metadata(type.version),
      }
      staged.push(made)
      envelope.revision += 1
      const evolving: StreamEvent = { ...made, stream, revision: envelope.revision }
      envelope.state = category.evolve(envelope.state, evolving)
    }

    return {
      context,
      under,
      freshKey: keys.fresh,
      load: async <S, E extends DomainEvent>(
        category: Category<never, S, E, unknown>,
        id: string,
      ) => {
        const stream = streamName(category.category, account, id)
        return (await open(category as unknown as AnyCategory, stream)).envelope.state as S
      },
      decide: async <C, S, E extends DomainEvent, R>(
        category: Category<C, S, E, R>,
        id: string,
        command: C,
      ) => {
        const stream = streamName(category.category, account, id)
        const on = await open(category as unknown as AnyCategory, stream)
        on.decidedAt ??= decisions++
        const repeatedAt = on.envelope.commands.get(commandId)
        if (repeatedAt !== undefined) {
          on.repeatedAt = repeatedAt
          return E.right(0)
        }
        const decision = category.decide(command, on.envelope.state as S)
        if (E.isLeft(decision)) return decision
        for (const event of decision.right) await stage(stream, on, event)
        return E.right(decision.right.length)
      },
    }
  }
  return { transaction: under(context), opened }
}
