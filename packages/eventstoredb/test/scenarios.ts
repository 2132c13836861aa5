/**
 * Does what a recorded scenario did, through the client, and tells it in the recorded form: ids as
 * the numbers they were made of, positions as their rank within the scenario.
 */
import {
  eventTypeFilter,
  jsonEvent,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  type ResolvedEvent,
} from '@eventstore/db-client'

interface ScenarioEvent {
  readonly id: number
  readonly type?: string
  readonly size?: number
  readonly data?: Record<string, unknown>
  readonly metadata?: Record<string, unknown>
}

type Expected = 'any' | 'no_stream' | 'stream_exists' | number

interface Step {
  readonly op: string
  readonly stream: string
  readonly events?: readonly ScenarioEvent[]
  readonly batches?: readonly (readonly ScenarioEvent[])[]
  readonly expected?: Expected
  readonly unbatched?: boolean
  readonly mark?: string
  readonly direction?: 'forwards' | 'backwards'
  readonly from?: number | 'start' | 'end'
  readonly max?: number
  readonly after?: string
  readonly filter?: 'names' | 'types'
  readonly prefixes?: string[]
  readonly metadata?: { readonly maxCount?: number; readonly truncateBefore?: number }
  readonly thenAppend?: readonly { readonly stream: string; readonly events: ScenarioEvent[] }[]
}

export interface Recorded {
  readonly step: Step
  readonly result: { readonly ok?: { readonly seen?: readonly unknown[] } }
}

interface LogPosition {
  readonly commit: bigint
  readonly prepare: bigint
}

class Place {
  constructor(readonly commit: bigint) {}
}

const plain = (value: unknown): unknown =>
  typeof value !== 'bigint'
    ? value
    : value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : String(value)

const toRevision = <A>(value: number | A): bigint | A =>
  typeof value === 'number' ? BigInt(value) : value

const toEvent = ({ id, type = 'T', size, data, metadata }: ScenarioEvent, idOf: IdOf) =>
  jsonEvent({
    id: idOf(id),
    type,
    data: size === undefined ? (data ?? { n: id }) : { pad: 'x'.repeat(size) },
    ...(metadata === undefined ? {} : { metadata }),
  })

type IdOf = (n: number) => string

/** Ids that no scenario gave are the server's. */
const OURS = /^00000000-0000-4000-8000-(\d{12})$/
const numberOf = (id: string): number | '<server>' => {
  const [, digits] = OURS.exec(id) ?? []
  return digits === undefined ? '<server>' : Number(digits) % 1_000
}

/** The fields of the client's errors that are recorded, where they are there. */
const told = (thrown: unknown, plainName: (name: string) => string) => {
  const error = thrown as {
    readonly type?: string
    readonly expectedVersion?: unknown
    readonly actualVersion?: unknown
    readonly streamName?: string
    readonly maxAppendSize?: unknown
    readonly seen?: unknown
    readonly message: string
  }
  const { type, expectedVersion, actualVersion, streamName, maxAppendSize, message, seen } = error
  return {
    error: {
      type: type ?? error.constructor.name,
      ...(expectedVersion === undefined ? {} : { expectedVersion: plain(expectedVersion) }),
      ...(actualVersion === undefined ? {} : { actualVersion: plain(actualVersion) }),
      ...(streamName === undefined ? {} : { streamName: plainName(streamName) }),
      ...(maxAppendSize === undefined ? {} : { maxAppendSize: plain(maxAppendSize) }),
      ...(type === undefined ? { message } : {}),
    },
    ...(seen === undefined ? {} : { seen }),
  }
}

/** The same number is the same id within a scenario only. */
let scenariosRun = 0

/** Whatever the server sent before has come when this is answered. */
const roundTrip = async (client: EventStoreDBClient): Promise<void> => {
  const last = client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 1 })
  await last.toArray()
}

export const runScenario = async (
  client: EventStoreDBClient,
  scenario: string,
  recorded: readonly Recorded[],
): Promise<readonly unknown[]> => {
  const thousands = ++scenariosRun * 1_000
  const idOf: IdOf = (n) => `00000000-0000-4000-8000-${String(thousands + n).padStart(12, '0')}`
  const prefix = `${scenario}.`
  const nameOf = (stream: string) => prefix + stream
  const plainName = (name: string) => name.replace(prefix, '')
  const isMine = ({ event }: AllStreamResolvedEvent) => event?.streamId.includes(prefix) === true
  const marks = new Map<string, LogPosition>()
  const commits = new Set<bigint>()

  const place = (position: LogPosition | undefined): Place | null => {
    if (position === undefined) return null
    commits.add(position.commit)
    return new Place(position.commit)
  }
  const tellEvent = ({ event }: ResolvedEvent) => {
    const { streamId, revision, type, id, isJson, data, metadata, position } = event!
    return {
      stream: plainName(streamId),
      revision: plain(revision),
      type,
      id: numberOf(id),
      data: isJson ? data : '<binary>',
      metadata: metadata ?? null,
      position: place(position),
    }
  }

  const append = (stream: string, events: readonly ScenarioEvent[], step?: Step) =>
    client.appendToStream(
      nameOf(stream),
      events.map((event) => toEvent(event, idOf)),
      {
        ...(step?.expected === undefined ? {} : { expectedRevision: toRevision(step.expected) }),
        ...(step?.unbatched === true
          ? { credentials: { username: 'admin', password: 'changeit' } }
          : {}),
      },
    )

  /** What has come once it is as much as was recorded, and what came too much. */
  const listen = (
    subscription: ReturnType<EventStoreDBClient['subscribeToAll']>,
    { thenAppend = [] }: Step,
    wanted: number,
    keep: (resolved: AllStreamResolvedEvent) => boolean,
  ): Promise<{ seen: readonly unknown[] }> =>
    new Promise((resolve, reject) => {
      const seen: unknown[] = []
      let isOver = false
      const look = async () => {
        if (isOver || seen.length < wanted) return
        isOver = true
        for (let i = 0; i < 3; i++) await roundTrip(client)
        await subscription.unsubscribe()
        resolve({ seen })
      }
      subscription.on('confirmation', () => void look())
      subscription.on('caughtUp', () => {
        seen.push('caughtUp')
        void (async () => {
          for (const { stream, events } of thenAppend) await append(stream, events)
          await look()
        })()
      })
      subscription.on('data', (resolved: AllStreamResolvedEvent) => {
        if (keep(resolved)) seen.push(tellEvent(resolved))
        void look()
      })
      subscription.on('error', (error) => {
        reject(Object.assign(error, { seen }))
      })
    })

  const perform = async (step: Step, result: Recorded['result']): Promise<unknown> => {
    const { op, stream, direction = 'forwards', max } = step
    const limit = max === undefined || max === 0 ? {} : { maxCount: max }
    const expected =
      step.expected === undefined ? {} : { expectedRevision: toRevision(step.expected) }
    const wanted = result.ok?.seen?.length ?? Infinity
    switch (op) {
      case 'append': {
        const answer = await append(stream, step.events ?? [], step)
        if (answer.position !== undefined) marks.set(step.mark ?? 'last', answer.position)
        return {
          success: answer.success,
          nextExpectedRevision: plain(answer.nextExpectedRevision),
          position: place(answer.position),
        }
      }
      case 'race': {
        const appends = (step.batches ?? []).map((events) => append(stream, events, step))
        const all = await Promise.allSettled(appends)
        const lost = all.flatMap((one) =>
          one.status === 'rejected' ? [(one.reason as { type: string }).type] : [],
        )
        return { won: all.length - lost.length, lost }
      }
      case 'read': {
        const end = direction === 'backwards' ? 'end' : 'start'
        const fromRevision = toRevision(step.from ?? end)
        const events: unknown[] = []
        for await (const resolved of client.readStream(nameOf(stream), {
          direction,
          fromRevision,
          ...limit,
        }))
          events.push(tellEvent(resolved))
        return { events }
      }
      case 'readAll': {
        const end = direction === 'backwards' ? 'end' : 'start'
        const fromPosition = step.after === undefined ? end : marks.get(step.after)!
        const events: unknown[] = []
        for await (const resolved of client.readAll({ direction, fromPosition, ...limit }))
          if (isMine(resolved)) events.push(tellEvent(resolved))
        return { events }
      }
      case 'delete': {
        const answer = await client.deleteStream(nameOf(stream), expected as object)
        return { position: place(answer.position) }
      }
      case 'tombstone': {
        const answer = await client.tombstoneStream(nameOf(stream), expected as object)
        return { position: place(answer.position) }
      }
      case 'setMetadata': {
        const answer = await client.setStreamMetadata(nameOf(stream), step.metadata ?? {}, expected)
        return {
          success: answer.success,
          nextExpectedRevision: plain(answer.nextExpectedRevision),
        }
      }
      case 'getMetadata': {
        const { metadata } = await client.getStreamMetadata(nameOf(stream))
        return { metadata: metadata ?? null }
      }
      case 'subscribeAll': {
        const from = step.from === 'end' ? 'end' : 'start'
        const fromPosition = step.after === undefined ? from : marks.get(step.after)!
        const filter =
          step.filter === 'types'
            ? eventTypeFilter({ prefixes: step.prefixes ?? [], checkpointInterval: 1 })
            : streamNameFilter({ prefixes: [prefix], checkpointInterval: 1 })
        return listen(client.subscribeToAll({ fromPosition, filter }), step, wanted, isMine)
      }
      case 'subscribe': {
        const fromRevision = toRevision(step.from ?? 'start')
        const subscription = client.subscribeToStream(nameOf(stream), { fromRevision })
        return listen(subscription as never, step, wanted, () => true)
      }
    }
    throw new Error(`no step is called ${op}`)
  }

  const results: unknown[] = []
  for (const { step, result } of recorded) {
    try {
      results.push({ ok: await perform(step, result) })
    } catch (error) {
      results.push(told(error, plainName))
    }
  }
  const ranks = [...commits].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const text = JSON.stringify(results, (_, value: unknown) =>
    value instanceof Place ? `p${String(ranks.indexOf(value.commit))}` : value,
  )
  return JSON.parse(text) as readonly unknown[]
}
