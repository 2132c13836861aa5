/**
 * A small server that speaks the streams protocol of EventStoreDB over real gRPC on loopback. It
 * keeps its log in memory and does what a real one was seen doing (see `../recorded`), and what
 * tests want to see survived.
 */
import { setImmediate } from 'node:timers/promises'
import {
  Server,
  ServerCredentials,
  status,
  type Metadata,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js'
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js'
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import {
  SupportedMethod,
  SupportedMethods,
} from '@eventstore/db-client/generated/serverfeatures_pb.js'
import { UUID, type Empty } from '@eventstore/db-client/generated/shared_pb.js'
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import {
  DeleteResp,
  TombstoneResp,
  type AppendReq,
  type AppendResp,
  type BatchAppendReq,
  type BatchAppendResp,
  type DeleteReq,
  type ReadReq,
  type ReadResp,
  type TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb.js'
import type { EventLog, Outcome, Proposed } from './log.js'
import {
  appendResponse,
  batchBadRequest,
  batchResponse,
  batchTooLarge,
  batchUnnamed,
  expectedOf,
  proposedOf,
  Refusal,
  streamDeleted,
  streamOf,
  tooLarge,
  wrongExpectedVersion,
  type CheckpointAt,
} from './messages.js'
import { read, subscribe } from './reading.js'

interface Call {
  readonly method:
    'append' | 'batchAppend' | 'read' | 'subscribe' | 'delete' | 'tombstone' | 'other'
  readonly stream: string
}

/** What a test makes the server do; a `Refusal` that is thrown ends the call. */
interface Switches {
  /** Before anything is done. */
  before: (call: Call) => Promise<void> | void
  /** Between doing it and saying so. */
  beforeAnswer: (call: Call) => Promise<void> | void
  /** Before each response of a read or a subscription; they are counted from 1. */
  beforeResponse: (call: Call, nth: number) => Promise<void> | void
  /** Said instead of a checkpoint. */
  checkpoints: (at: CheckpointAt) => readonly CheckpointAt[]
}

export interface ServerOptions {
  readonly maxAppendBytes?: number
  /** What gossip tells of the cluster; this server alone, as leader, unless told. */
  readonly members?: () => readonly { readonly port: number; readonly isLeader: boolean }[]
}

export interface SmallServer {
  readonly port: number
  readonly log: EventLog
  readonly switches: Switches
  /** Calls that are under way. */
  readonly calls: () => number
  readonly openSubscriptions: () => number
  /** Every call so far. */
  readonly history: readonly Call[]
  readonly stop: () => Promise<void>
}

const LEADER = 3
const FOLLOWER = 2

const supported = (): SupportedMethods => {
  const streams = 'event_store.client.streams.streams'
  const methods: readonly (readonly [string, string, readonly string[]])[] = [
    [streams, 'read', ['position', 'events']],
    [streams, 'append', []],
    [streams, 'delete', []],
    [streams, 'tombstone', []],
    [streams, 'batchappend', ['deadline_duration']],
    ['event_store.client.gossip.gossip', 'read', []],
    ['event_store.client.server_features.serverfeatures', 'getsupportedmethods', []],
  ]
  return new SupportedMethods().setEventStoreServerVersion('23.10.6').setMethodsList(
    methods.map(([service, method, features]) =>
      new SupportedMethod()
        .setServiceName(service)
        .setMethodName(method)
        .setFeaturesList([...features]),
    ),
  )
}

const asRefusal = (error: unknown): Refusal =>
  error instanceof Refusal
    ? error
    : new Refusal(status.UNKNOWN, error instanceof Error ? error.message : String(error))

const sizeOf = (events: readonly Proposed[]): number =>
  events.reduce((bytes, { data }) => bytes + data.length, 0)

/** What a real server says of an event without a type. */
const checkEvents = (events: readonly Proposed[]) => {
  if (events.some(({ type }) => type === ''))
    throw new Error("Empty eventType provided. (Parameter 'eventType')")
}

export const startServer = async (
  log: EventLog,
  { maxAppendBytes = 1_048_576, members }: ServerOptions = {},
): Promise<SmallServer> => {
  const switches: Switches = {
    before: () => undefined,
    beforeAnswer: () => undefined,
    beforeResponse: () => undefined,
    checkpoints: (at) => [at],
  }
  const underWay = new Set<object>()
  const subscriptions = new Set<object>()
  const history: Call[] = []
  const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 })
  let port = 0

  const begin = async (handle: object, call: Call) => {
    history.push(call)
    underWay.add(handle)
    await switches.before(call)
  }

  const unary = async <Answer>(
    handle: { readonly metadata: Metadata },
    call: Call,
    work: () => Promise<Answer> | Answer,
    answer: sendUnaryData<Answer>,
  ): Promise<void> => {
    try {
      await begin(handle, call)
      const response = await work()
      await switches.beforeAnswer(call)
      answer(null, response)
    } catch (error) {
      answer(asRefusal(error))
    } finally {
      underWay.delete(handle)
    }
  }

  const append = async (
    handle: ServerReadableStream<AppendReq, AppendResp>,
    answer: sendUnaryData<AppendResp>,
  ): Promise<void> => {
    const requests: AppendReq[] = []
    for await (const request of handle as AsyncIterable<AppendReq>) requests.push(request)
    const options = requests[0]?.getOptions()
    const stream = streamOf(options?.getStreamIdentifier())
    const work = () => {
      const events = requests.flatMap((request) => {
        const message = request.getProposedMessage()
        return message === undefined ? [] : [proposedOf(message)]
      })
      if (sizeOf(events) > maxAppendBytes) throw tooLarge(maxAppendBytes)
      checkEvents(events)
      const expected = expectedOf(options)
      return appendResponse(stream, expected, log.append(stream, expected, events))
    }
    await unary(handle, { method: 'append', stream }, work, answer)
  }

  const batchAppend = (handle: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    const pending = new Map<string, { stream: string; events: Proposed[]; first: BatchAppendReq }>()
    const answer = async (request: BatchAppendReq): Promise<void> => {
      const id = request.getCorrelationId()?.getString() ?? ''
      const options = request.getOptions()
      if (options !== undefined)
        pending.set(id, {
          stream: streamOf(options.getStreamIdentifier()),
          events: [],
          first: request,
        })
      const one = pending.get(id)
      if (one === undefined) return
      one.events.push(...request.getProposedMessagesList().map(proposedOf))
      const say = (what: Parameters<typeof batchResponse>[2]) => {
        handle.write(batchResponse(request.getCorrelationId(), one.stream, what))
      }
      if (sizeOf(one.events) > maxAppendBytes) {
        pending.delete(id)
        say(batchTooLarge(maxAppendBytes))
        return
      }
      if (!request.getIsFinal()) return
      pending.delete(id)
      const call: Call = { method: 'batchAppend', stream: one.stream }
      try {
        await begin(one, call)
        checkEvents(one.events)
        const expected = expectedOf(one.first.getOptions())
        const outcome = log.append(one.stream, expected, one.events)
        await switches.beforeAnswer(call)
        say({ expected, outcome })
      } catch (error) {
        if (!(error instanceof Refusal)) say(batchBadRequest((error as Error).message))
        // Only this one append hears of it; of everything else the whole call dies.
        else if (error.code === status.UNAVAILABLE) say(batchUnnamed(error.details))
        else handle.emit('error', error)
      } finally {
        underWay.delete(one)
      }
    }
    let last: Promise<void> = Promise.resolve()
    handle.on('data', (request: BatchAppendReq) => {
      last = last.then(() => answer(request))
    })
    handle.on('end', () => {
      void last.then(() => handle.end())
    })
    handle.on('error', () => undefined)
  }

  const write = async (
    handle: ServerWritableStream<ReadReq, ReadResp>,
    responses: Iterable<ReadResp> | AsyncIterable<ReadResp>,
    call: Call,
  ): Promise<void> => {
    let nth = 0
    for await (const response of responses) {
      await switches.beforeResponse(call, ++nth)
      if (handle.cancelled) return
      if (handle.write(response)) continue
      await new Promise<void>((resolve) => {
        const go = () => {
          handle.off('drain', go)
          handle.off('cancelled', go)
          resolve()
        }
        handle.on('drain', go)
        handle.on('cancelled', go)
      })
    }
  }

  const answerRead = async (handle: ServerWritableStream<ReadReq, ReadResp>): Promise<void> => {
    const options = handle.request.getOptions()
    const stream = streamOf(options?.getStream()?.getStreamIdentifier())
    const isSubscription = options?.hasSubscription() === true
    const call: Call = { method: isSubscription ? 'subscribe' : 'read', stream }
    let wake = (): void => undefined
    const tell = () => {
      wake()
    }
    const unlisten = log.onWrite(tell)
    handle.on('cancelled', tell)
    handle.on('error', () => undefined)
    try {
      await begin(handle, call)
      if (options === undefined) throw new Error('no options')
      if (!isSubscription) await write(handle, read(log, options), call)
      else {
        subscriptions.add(handle)
        let seen = log.records.length
        const more = async () => {
          if (handle.cancelled) return false
          if (log.records.length === seen)
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          seen = log.records.length
          return !handle.cancelled
        }
        const { checkpoints } = switches
        await write(handle, subscribe(log, options, { more, checkpoints }), call)
      }
      handle.end()
    } catch (error) {
      handle.emit('error', asRefusal(error))
    } finally {
      unlisten()
      subscriptions.delete(handle)
      underWay.delete(handle)
    }
  }

  const removed = (stream: string, expected: ReturnType<typeof expectedOf>, outcome: Outcome) => {
    if (outcome.type === 'deleted') throw streamDeleted(stream)
    if (outcome.type === 'wrongExpectedVersion')
      throw wrongExpectedVersion(stream, expected, outcome.current)
    return String(outcome.position)
  }

  server.addService(StreamsService, {
    append: (
      handle: ServerReadableStream<AppendReq, AppendResp>,
      answer: sendUnaryData<AppendResp>,
    ) => void append(handle, answer).catch(() => undefined),
    batchAppend,
    read: (handle: ServerWritableStream<ReadReq, ReadResp>) => void answerRead(handle),
    delete: (handle: ServerUnaryCall<DeleteReq, DeleteResp>, answer: sendUnaryData<DeleteResp>) => {
      const options = handle.request.getOptions()
      const stream = streamOf(options?.getStreamIdentifier())
      const expected = expectedOf(options)
      const work = () => {
        const position = removed(stream, expected, log.softDelete(stream, expected))
        return new DeleteResp().setPosition(
          new DeleteResp.Position().setCommitPosition(position).setPreparePosition(position),
        )
      }
      void unary(handle, { method: 'delete', stream }, work, answer)
    },
    tombstone: (
      handle: ServerUnaryCall<TombstoneReq, TombstoneResp>,
      answer: sendUnaryData<TombstoneResp>,
    ) => {
      const options = handle.request.getOptions()
      const stream = streamOf(options?.getStreamIdentifier())
      const expected = expectedOf(options)
      const work = () => {
        const position = removed(stream, expected, log.tombstone(stream, expected))
        return new TombstoneResp().setPosition(
          new TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position),
        )
      }
      void unary(handle, { method: 'tombstone', stream }, work, answer)
    },
  })
  server.addService(ServerFeaturesService, {
    getSupportedMethods: (
      handle: ServerUnaryCall<Empty, SupportedMethods>,
      answer: sendUnaryData<SupportedMethods>,
    ) => void unary(handle, { method: 'other', stream: '' }, supported, answer),
  })
  server.addService(GossipService, {
    read: (handle: ServerUnaryCall<Empty, ClusterInfo>, answer: sendUnaryData<ClusterInfo>) => {
      const work = () =>
        new ClusterInfo().setMembersList(
          (members?.() ?? [{ port, isLeader: true }]).map((member, index) =>
            new MemberInfo()
              .setInstanceId(
                new UUID().setString(`00000000-0000-4000-8000-00000000000${String(index)}`),
              )
              .setTimeStamp('0')
              .setState(member.isLeader ? LEADER : FOLLOWER)
              .setIsAlive(true)
              .setHttpEndPoint(new EndPoint().setAddress('127.0.0.1').setPort(member.port)),
          ),
        )
      void unary(handle, { method: 'other', stream: '' }, work, answer)
    },
  })

  port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound)
      else reject(error)
    })
  })
  return {
    port,
    log,
    switches,
    calls: () => underWay.size,
    openSubscriptions: () => subscriptions.size,
    history,
    stop: async () => {
      server.forceShutdown()
      // Handlers hear of it a moment later; one that a test keeps waiting does not.
      for (let turns = 0; underWay.size > 0 && turns < 100; turns++) await setImmediate()
    },
  }
}
