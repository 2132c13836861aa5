/** Load, decide, append; again where another was faster. */
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'
import { BoundedMap } from './bounded-map.js'
import type { Category } from './decider.js'
import {
  isNonEmpty,
  type DomainEvent,
  type IsoTime,
  type Metadata,
  type NewEvent,
  type NonEmpty,
  type Position,
  type StreamEvent,
  type StreamName,
} from './event.js'
import type { Append, AppendFault, Conflict, EventStore, ReadFault } from './event-store.js'
import { decodeEvent, type EventFault } from './event-type.js'
import { Faulted } from './faulted.js'
import type { KeyRing } from './key-ring.js'
import { keysToSealWith, sealData, type Key } from './sealed.js'
import { streamName } from './stream-name.js'
import { Turns } from './turns.js'
import type { KeyId } from './vault.js'

/** Event ids derive from command, stream and index (UUID v5), so that a repetition is recognised. */
const EVENT_IDS = 'b0d1c8a4-6f1e-4d0e-9a53-2f6c7e8d9a10'

export interface CommandContext {
  readonly account: string
  readonly actor: string
  readonly commandId: string
  /** Where it happened at another time than now; later than now counts as now. */
  readonly occurredAt?: IsoTime | undefined
  readonly correlationId?: string | undefined
  readonly causationId?: string | undefined
}

export interface Receipt {
  readonly stream: StreamName
  /** Of the last event this command brought there; of the stream's last where it brought none. */
  readonly revision: number
  readonly position?: Position
  /** `repeated`: accepted before, nothing was written now. `unchanged`: there was nothing to do. */
  readonly outcome: 'accepted' | 'repeated' | 'unchanged'
}

/** The key that a field must be sealed with is gone: it was purged or erased meanwhile. */
export interface KeyGone {
  readonly type: 'KeyGone'
  readonly key: KeyId
}

/** Others kept changing the same streams, as often as it was tried. */
export interface TooManyConflicts {
  readonly type: 'TooManyConflicts'
  readonly attempts: number
  readonly last: Conflict
}

export type CommandFault =
  Exclude<AppendFault, Conflict> | ReadFault | EventFault | KeyGone | TooManyConflicts

/** A stream as one transaction sees it: what is stored, then what was decided in it so far. */
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
}

export interface Committed<A> {
  readonly value: A
  /** One for each stream decided on, in the order of the first decision. */
  readonly receipts: readonly Receipt[]
}

export interface CommandHandling {
  /**
   * Does the work and appends what it decided, all at once where the store can. The work runs
   * again from the start when another writer was faster, at most `attempts` times (10 unless told):
   * it has no effects of its own but through its transaction. A Left appends nothing. Works that
   * name the same turn run one after another in this process: they need not meet as conflicts.
   */
  readonly transact: <R, A>(
    context: CommandContext,
    work: (transaction: Transaction) => Promise<E.Either<R, A>>,
    turn?: string,
  ) => Promise<E.Either<R | CommandFault, Committed<A>>>
  /** A stream's state as it is stored now. Borrowed: read it before the next await. */
  readonly read: <S, E extends DomainEvent>(
    account: string,
    category: Category<never, S, E, unknown>,
    id: string,
  ) => Promise<E.Either<ReadFault | EventFault, S>>
}

interface Envelope {
  state: unknown
  /** -1 before the first event. */
  revision: number
  /** Accepted command ids, each with the revision of its last event. */
  readonly commands: Map<string, number>
}

interface Opened {
  readonly category: Category<never, unknown, DomainEvent, unknown>
  readonly envelope: Envelope
  readonly loadedAt: number
  readonly staged: NewEvent[]
  decided: boolean
  repeatedAt: number | undefined
}

const apply = (opened: Pick<Opened, 'category' | 'envelope'>, event: StreamEvent) => {
  const { category, envelope } = opened
  envelope.state = category.evolve(envelope.state, event)
  envelope.revision = event.revision
  envelope.commands.set(event.metadata.commandId, event.revision)
}

class Conflicted {
  constructor(readonly conflict: Conflict) {}
}

const PAGE = 2_000

export const commandHandling = (deps: {
  readonly store: EventStore
  readonly keys: KeyRing
  readonly now: () => IsoTime
  /** Streams whose state is kept between commands; 2,000 unless told. */
  readonly cachedStreams?: number
  readonly attempts?: number
}): CommandHandling => {
  const { store, keys, now, attempts = 10 } = deps
  const turns = new Turns()
  const cache = new BoundedMap<StreamName, Envelope>(deps.cachedStreams ?? 2_000)

  const catchUp = async (stream: StreamName, opened: Pick<Opened, 'category' | 'envelope'>) => {
    const decode = decodeEvent(opened.category.events)
    for (;;) {
      const slice = await store.readStream(stream, {
        from: opened.envelope.revision + 1,
        limit: PAGE,
      })()
      if (E.isLeft(slice)) throw new Faulted(slice.left)
      for (const stored of slice.right.events) {
        const event = decode(stored)
        if (E.isLeft(event)) throw new Faulted(event.left)
        apply(opened, event.right)
      }
      if (slice.right.events.length < PAGE) return
    }
  }

  /** Streams opened by one attempt. Their cached states are taken out: it alone works on them. */
  const begin = (context: CommandContext) => {
    const opened = new Map<StreamName, Promise<Opened>>()
    const recordedAt = now()
    const { occurredAt } = context
    const metadata: Omit<Metadata, 'schemaVersion'> = {
      account: context.account,
      actor: context.actor,
      commandId: context.commandId,
      ...(context.correlationId === undefined ? {} : { correlationId: context.correlationId }),
      ...(context.causationId === undefined ? {} : { causationId: context.causationId }),
      occurredAt: occurredAt !== undefined && occurredAt < recordedAt ? occurredAt : recordedAt,
      recordedAt,
    }

    const open = (category: Opened['category'], stream: StreamName): Promise<Opened> => {
      const already = opened.get(stream)
      if (already !== undefined) return already
      const loading = (async () => {
        const envelope = cache.take(stream) ?? {
          state: category.initial(),
          revision: -1,
          commands: new Map<string, number>(),
        }
        await catchUp(stream, { category, envelope })
        return {
          category,
          envelope,
          loadedAt: envelope.revision,
          staged: [],
          decided: false,
          repeatedAt: envelope.commands.get(context.commandId),
        }
      })()
      opened.set(stream, loading)
      return loading
    }

    const stage = async (stream: StreamName, on: Opened, { type, data }: DomainEvent) => {
      const eventType = on.category.events.byName.get(type)
      if (eventType === undefined)
        throw new Error(`${type}: not an event of ${on.category.category}`)
      const id = v5(`${context.commandId}/${stream}/${String(on.staged.length)}`, EVENT_IDS)
      const found = new Map<KeyId | 'stream', Key>()
      for (const name of keysToSealWith(data)) {
        const keyId =
          name === 'stream'
            ? // The event that gives a stream its key names it in `key`.
              (on.category.keyOf?.(on.envelope.state) ?? (data as { key?: KeyId }).key)
            : name
        if (keyId === undefined) throw new Error(`${type}: its stream has no key to seal with`)
        const key = await keys.key(keyId)
        if (key === undefined) throw new Faulted({ type: 'KeyGone', key: keyId } satisfies KeyGone)
        found.set(name, key)
      }
      const sealedData =
        found.size === 0
          ? data
          : sealData(data, id, (name) => {
              const key = found.get(name)
              if (key === undefined) throw new Error(`${type}: no key at hand for ${name}`)
              return key
            })
      if (!eventType.data.is(sealedData))
        throw new Error(`${type}: the decider of ${on.category.category} made malformed data`)
      const event: NewEvent = {
        id,
        type,
        data: sealedData,
        metadata: { schemaVersion: eventType.version, ...metadata },
      }
      on.staged.push(event)
      const revision = on.envelope.revision + 1
      on.envelope.state = on.category.evolve(on.envelope.state, { ...event, stream, revision })
      on.envelope.revision = revision
    }

    const transaction: Transaction = {
      context,
      load: async <S, E extends DomainEvent>(
        category: Category<never, S, E, unknown>,
        id: string,
      ) => {
        const stream = streamName(category.category, context.account, id)
        const { envelope } = await open(category as unknown as Opened['category'], stream)
        return envelope.state as S
      },
      decide: async <C, S, E extends DomainEvent, R>(
        category: Category<C, S, E, R>,
        id: string,
        command: C,
      ) => {
        const stream = streamName(category.category, context.account, id)
        const on = await open(category as unknown as Opened['category'], stream)
        on.decided = true
        if (on.repeatedAt !== undefined) return E.right(0)
        const decision = category.decide(command, on.envelope.state as S)
        if (E.isLeft(decision)) return decision
        for (const event of decision.right) await stage(stream, on, event)
        return E.right(decision.right.length)
      },
      freshKey: keys.fresh,
    }
    return { transaction, opened }
  }

  type Streams = ReadonlyMap<StreamName, Opened>

  /** Gives states back to the cache; those with decisions that were not stored are dropped. */
  const release = (streams: Streams, stored: boolean) => {
    for (const [stream, { envelope, staged }] of streams)
      if (envelope.revision >= 0 && (stored || staged.length === 0)) cache.set(stream, envelope)
  }

  /** Those that could be opened. */
  const settled = async (opened: ReadonlyMap<StreamName, Promise<Opened>>): Promise<Streams> => {
    const streams = new Map<StreamName, Opened>()
    for (const [stream, loading] of opened) {
      const one = await loading.catch(() => undefined)
      if (one !== undefined) streams.set(stream, one)
    }
    return streams
  }

  const appendsOf = (streams: Streams): readonly Append[] =>
    [...streams].flatMap(([stream, { staged, loadedAt }]) =>
      isNonEmpty(staged)
        ? [{ stream, expected: loadedAt < 0 ? 'noStream' : loadedAt, events: staged }]
        : [],
    )

  const receiptsOf = (
    streams: Streams,
    positions: ReadonlyMap<StreamName, Position | undefined>,
  ): readonly Receipt[] =>
    [...streams].flatMap(([stream, { envelope, staged, decided, repeatedAt }]): Receipt[] => {
      if (!decided) return []
      if (repeatedAt !== undefined) return [{ stream, revision: repeatedAt, outcome: 'repeated' }]
      const position = positions.get(stream)
      return [
        {
          stream,
          revision: envelope.revision,
          ...(position === undefined ? {} : { position }),
          outcome: staged.length === 0 ? 'unchanged' : 'accepted',
        },
      ]
    })

  const attempt = async <R, A>(
    context: CommandContext,
    work: (transaction: Transaction) => Promise<E.Either<R, A>>,
  ): Promise<E.Either<R | CommandFault, Committed<A>> | Conflicted> => {
    const { transaction, opened } = begin(context)
    try {
      const answer = await work(transaction)
      const streams = await settled(opened)
      if (E.isLeft(answer)) {
        release(streams, false)
        return answer
      }
      const appends = appendsOf(streams)
      const positions = new Map<StreamName, Position | undefined>()
      if (isNonEmpty(appends)) {
        const appended = await store.appendAll(appends)()
        release(streams, E.isRight(appended))
        if (E.isLeft(appended))
          return appended.left.type === 'Conflict'
            ? new Conflicted(appended.left)
            : E.left(appended.left)
        for (const { stream, position } of appended.right) positions.set(stream, position)
        for (const { stream } of appends) {
          const { envelope } = streams.get(stream)!
          envelope.commands.set(context.commandId, envelope.revision)
        }
      } else release(streams, true)
      return E.right({ value: answer.right, receipts: receiptsOf(streams, positions) })
    } catch (error) {
      release(await settled(opened), false)
      if (error instanceof Faulted) return E.left(error.fault as CommandFault)
      throw error
    }
  }

  const transact = async <R, A>(
    context: CommandContext,
    work: (transaction: Transaction) => Promise<E.Either<R, A>>,
  ): Promise<E.Either<R | CommandFault, Committed<A>>> => {
    for (let tried = 1; ; tried++) {
      const done = await attempt(context, work)
      if (!(done instanceof Conflicted)) return done
      if (tried === attempts)
        return E.left({ type: 'TooManyConflicts', attempts: tried, last: done.conflict })
    }
  }

  const read = async <S, E extends DomainEvent>(
    account: string,
    category: Category<never, S, E, unknown>,
    id: string,
  ): Promise<E.Either<ReadFault | EventFault, S>> => {
    const { transaction, opened } = begin({ account, actor: '', commandId: '' })
    try {
      return E.right(await transaction.load(category, id))
    } catch (error) {
      if (error instanceof Faulted) return E.left(error.fault as ReadFault | EventFault)
      throw error
    } finally {
      release(await settled(opened), true)
    }
  }

  return {
    read,
    transact: (context, work, turn) =>
      turn === undefined
        ? transact(context, work)
        : turns.take(turn, () => transact(context, work)),
  }
}
