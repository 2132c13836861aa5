/** Reads and subscriptions: what is sent, one response after another. */
import { randomUUID } from 'node:crypto'
import { status } from '@grpc/grpc-js'
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { EventLog, LogRecord } from './log.js'
import {
  caughtUp,
  checkpoint,
  confirmation,
  predicateOf,
  readEvent,
  Refusal,
  streamDeleted,
  streamNotFound,
  streamOf,
  type CheckpointAt,
} from './messages.js'

/** Records that one page of a subscription looks at, unless the filter says more. */
const PAGE = 32

const readError = (of: string): Refusal => new Refusal(status.UNKNOWN, `Unexpected ${of}: Error`)

/** What a reader waits for at the end of the log. */
export interface Waiting {
  /** Answers once there may be more; false when the call is over. */
  readonly more: () => Promise<boolean>
  /** As the server means to send it, or as a test wants it sent. */
  readonly checkpoints: (at: CheckpointAt) => readonly CheckpointAt[]
}

const count = (options: ReadReq.Options): number => Number(options.getCount())

function* readOneStream(log: EventLog, options: ReadReq.Options): Generator<ReadResp> {
  const where = options.getStream()
  const stream = streamOf(where?.getStreamIdentifier())
  const isBackwards = options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS
  const visible = log.read(stream)
  if (visible === 'deleted') throw streamDeleted(stream)
  if ((!isBackwards && where?.hasEnd() === true) || count(options) < 1)
    throw readError('ReadStreamResult')
  if (visible === 'absent') {
    yield streamNotFound(stream)
    return
  }
  const { records } = visible
  const from = BigInt(where?.getRevision() ?? 0)
  const wanted = isBackwards
    ? records.filter(({ revision }) => where?.hasEnd() === true || revision <= from).reverse()
    : records.filter(({ revision }) => where?.hasStart() === true || revision >= from)
  for (const record of wanted.slice(0, count(options))) yield readEvent(record, options)
}

/** Of the first record at the position or behind it. */
const indexAt = (log: EventLog, position: bigint): number => {
  const index = log.records.findIndex((record) => record.position >= position)
  return index < 0 ? log.records.length : index
}

function* readEverything(log: EventLog, options: ReadReq.Options): Generator<ReadResp> {
  const where = options.getAll()
  const isBackwards = options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS
  if ((!isBackwards && where?.hasEnd() === true) || count(options) < 1)
    throw readError('ReadAllResult')
  const filter = options.getFilter()
  const isWanted = filter === undefined ? () => true : predicateOf(filter)
  const at = where?.getPosition()?.getCommitPosition()
  const from = at === undefined ? undefined : BigInt(at)
  let left = count(options)
  const records = isBackwards
    ? log.records
        .filter(
          ({ position }) => where?.hasStart() !== true && !(from !== undefined && position >= from),
        )
        .reverse()
    : log.records.slice(from === undefined ? 0 : indexAt(log, from))
  for (const record of records) {
    if (left === 0) return
    if (!isWanted(record)) continue
    left--
    yield readEvent(record, options)
  }
}

export const read = (log: EventLog, options: ReadReq.Options): Generator<ReadResp> =>
  options.hasStream() ? readOneStream(log, options) : readEverything(log, options)

async function* subscribeToStream(
  log: EventLog,
  options: ReadReq.Options,
  { more }: Waiting,
): AsyncGenerator<ReadResp> {
  const where = options.getStream()
  const stream = streamOf(where?.getStreamIdentifier())
  const standing = () => {
    const visible = log.read(stream)
    if (visible === 'deleted') throw streamDeleted(stream)
    return visible === 'absent' ? undefined : visible.records
  }
  let next = where?.hasStart() === true ? 0n : BigInt(where?.getRevision() ?? 0) + 1n
  let isCaughtUp = false
  if (where?.hasEnd() === true) {
    next = (standing()?.at(-1)?.revision ?? -1n) + 1n
    isCaughtUp = true
  }
  standing()
  yield confirmation(randomUUID())
  if (isCaughtUp) yield caughtUp()
  do {
    const records = standing()
    for (const record of records ?? []) {
      if (record.revision < next) continue
      next = record.revision + 1n
      yield readEvent(record, options)
    }
    if (records !== undefined && !isCaughtUp) {
      isCaughtUp = true
      yield caughtUp()
    }
  } while (await more())
}

async function* subscribeToAll(
  log: EventLog,
  options: ReadReq.Options,
  { more, checkpoints }: Waiting,
): AsyncGenerator<ReadResp> {
  const where = options.getAll()
  const filter = options.getFilter()
  const isWanted = filter === undefined ? () => true : predicateOf(filter)
  const window = filter?.hasMax() === true ? filter.getMax() : PAGE
  const interval = window * (filter?.getCheckpointintervalmultiplier() ?? 0)
  const at = where?.getPosition()?.getCommitPosition()
  // Exclusive: the first record there, or behind it, has been seen.
  let next = at === undefined ? 0 : indexAt(log, BigInt(at)) + 1
  if (where?.hasEnd() === true) next = log.records.length
  let considered = 0
  let page: CheckpointAt = { commit: 0n, prepare: 0n }
  yield confirmation(randomUUID())
  while (next < log.records.length) {
    const records: readonly LogRecord[] = log.records.slice(next, next + window)
    next += records.length
    for (const record of records) {
      if (!isWanted(record)) continue
      page = { commit: record.position, prepare: record.position }
      yield readEvent(record, options)
    }
    const following = log.records[next]
    if (following === undefined) break
    considered += records.length
    if (filter !== undefined && considered >= interval) {
      considered %= interval
      for (const told of checkpoints(page)) yield checkpoint(told)
    }
    page = { commit: following.position, prepare: 0n }
  }
  yield caughtUp()
  do {
    for (; next < log.records.length;) {
      const record = log.records[next++]!
      if (isWanted(record)) yield readEvent(record, options)
      if (filter === undefined || ++considered < interval) continue
      considered = 0
      const here = { commit: record.position, prepare: record.position }
      for (const told of checkpoints(here)) yield checkpoint(told)
    }
  } while (await more())
}

export const subscribe = (
  log: EventLog,
  options: ReadReq.Options,
  waiting: Waiting,
): AsyncGenerator<ReadResp> =>
  options.hasStream()
    ? subscribeToStream(log, options, waiting)
    : subscribeToAll(log, options, waiting)
