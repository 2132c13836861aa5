/** Between the protocol's messages and the log. */
import { Metadata, status } from '@grpc/grpc-js'
import { Any } from 'google-protobuf/google/protobuf/any_pb.js'
import { Empty as GoogleEmpty } from 'google-protobuf/google/protobuf/empty_pb.js'
import type { Message } from 'google-protobuf'
import {
  AllStreamPosition,
  BadRequest,
  Empty,
  MaximumAppendSizeExceeded,
  StreamDeleted,
  StreamIdentifier,
  UUID,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb.js'
import { Status } from '@eventstore/db-client/generated/status_pb.js'
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import {
  AppendResp,
  BatchAppendResp,
  ReadResp,
  type AppendReq,
  type BatchAppendReq,
  type DeleteReq,
} from '@eventstore/db-client/generated/streams_pb.js'
import type { Expected, LogRecord, Outcome, Proposed } from './log.js'

/** An error of a whole call, as the server ends it. */
export class Refusal extends Error {
  readonly metadata = new Metadata()
  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details)
    for (const [name, value] of Object.entries(trailers)) this.metadata.set(name, value)
  }
}

export const streamDeleted = (stream: string): Refusal =>
  new Refusal(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  })

export const notLeader = (host: string, port: number): Refusal =>
  new Refusal(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  })

export const accessDenied = (): Refusal =>
  new Refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' })

export const notReady = (): Refusal => new Refusal(status.UNAVAILABLE, 'Server Is Not Ready')

export const tooLarge = (limit: number): Refusal =>
  new Refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${String(limit)} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  })

const EXPECTED_NUMBERS = { any: -2, noStream: -1, streamExists: -4 }

export const wrongExpectedVersion = (
  stream: string,
  expected: Expected,
  current: number,
): Refusal => {
  const wanted = String(typeof expected === 'number' ? expected : EXPECTED_NUMBERS[expected])
  return new Refusal(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${wanted}, ` +
      `Actual version: ${String(current)}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': wanted,
      'actual-version': String(current),
    },
  )
}

export const streamOf = (identifier: StreamIdentifier | undefined): string =>
  identifier === undefined ? '' : Buffer.from(identifier.getStreamName_asU8()).toString('utf8')

const identifierOf = (stream: string): StreamIdentifier =>
  new StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8').toString('base64'))

export const expectedOf = (
  options: AppendReq.Options | BatchAppendReq.Options | DeleteReq.Options | undefined,
): Expected => {
  if (options === undefined || options.hasAny()) return 'any'
  if (options.hasNoStream()) return 'noStream'
  if (options.hasStreamExists()) return 'streamExists'
  return Number('getRevision' in options ? options.getRevision() : options.getStreamPosition())
}

const uuidText = (id: UUID | undefined): string => {
  const structured = id?.getStructured()
  if (structured === undefined) return id?.getString() ?? ''
  const half = (bits: string) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0')
  const hex = half(structured.getMostSignificantBits()) + half(structured.getLeastSignificantBits())
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const uuidOf = (id: string, structured: boolean): UUID => {
  if (!structured) return new UUID().setString(id)
  const hex = id.replaceAll('-', '')
  const half = (digits: string) => BigInt.asIntN(64, BigInt(`0x${digits}`)).toString()
  return new UUID().setStructured(
    new UUID.Structured()
      .setMostSignificantBits(half(hex.slice(0, 16)))
      .setLeastSignificantBits(half(hex.slice(16))),
  )
}

export const proposedOf = (
  message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage,
): Proposed => ({
  id: uuidText(message.getId()),
  type: message.getMetadataMap().get('type') ?? '',
  isJson: message.getMetadataMap().get('content-type') === 'application/json',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
})

const isStructured = (options: ReadReq.Options): boolean =>
  options.getUuidOption()?.hasStructured() ?? false

export const readEvent = (record: LogRecord, options: ReadReq.Options): ReadResp => {
  const position = String(record.position)
  const event = new ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidOf(record.id, isStructured(options)))
    .setStreamIdentifier(identifierOf(record.stream))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(record.data)
    .setCustomMetadata(record.metadata)
  event
    .getMetadataMap()
    .set('type', record.type)
    .set('created', String(record.created))
    .set('content-type', record.isJson ? 'application/json' : 'application/octet-stream')
  return new ReadResp().setEvent(
    new ReadResp.ReadEvent().setEvent(event).setCommitPosition(position),
  )
}

export const confirmation = (id: string): ReadResp =>
  new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id))

export const caughtUp = (): ReadResp => new ReadResp().setCaughtUp(new ReadResp.CaughtUp())

export interface CheckpointAt {
  readonly commit: bigint
  readonly prepare: bigint
}

export const checkpoint = ({ commit, prepare }: CheckpointAt): ReadResp =>
  new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
  )

export const streamNotFound = (stream: string): ReadResp =>
  new ReadResp().setStreamNotFound(
    new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream)),
  )

/** The answer of an append that is a call of its own; throws what ends the call instead. */
export const appendResponse = (
  stream: string,
  expected: Expected,
  outcome: Outcome,
): AppendResp => {
  const response = new AppendResp()
  switch (outcome.type) {
    case 'deleted':
      throw streamDeleted(stream)
    case 'written': {
      const success = new AppendResp.Success()
      if (outcome.last < 0) success.setNoStream(new Empty())
      else success.setCurrentRevision(String(outcome.last))
      if (outcome.position === undefined) success.setNoPosition(new Empty())
      else
        success.setPosition(
          new AppendResp.Position()
            .setCommitPosition(String(outcome.position))
            .setPreparePosition(String(outcome.position)),
        )
      return response.setSuccess(success)
    }
    case 'wrongExpectedVersion': {
      const wrong = new AppendResp.WrongExpectedVersion()
      if (expected === 'any') wrong.setExpectedAny(new Empty()).setAny2060(new Empty())
      else if (expected === 'streamExists')
        wrong.setExpectedStreamExists(new Empty()).setStreamExists2060(new Empty())
      else if (expected === 'noStream') wrong.setExpectedNoStream(new Empty())
      else wrong.setExpectedRevision(String(expected)).setExpectedRevision2060(expected)
      if (outcome.current < 0) wrong.setCurrentNoStream(new Empty()).setNoStream2060(new Empty())
      else wrong.setCurrentRevision(String(outcome.current)).setCurrentRevision2060(outcome.current)
      return response.setWrongExpectedVersion(wrong)
    }
  }
}

const ALREADY_EXISTS = 6
const NOT_FOUND = 5
const INVALID_ARGUMENT = 3

const statusOf = (code: number, message: string, name: string, details: Message): Status => {
  const any = new Any()
  any.pack(details.serializeBinary(), name)
  return new Status().setCode(code).setMessage(message).setDetails(any)
}

export const batchTooLarge = (limit: number): Status =>
  statusOf(
    INVALID_ARGUMENT,
    'MaximumAppendSizeExceeded',
    'event_store.client.MaximumAppendSizeExceeded',
    new MaximumAppendSizeExceeded().setMaxappendsize(limit),
  )

export const batchBadRequest = (message: string): Status =>
  statusOf(
    INVALID_ARGUMENT,
    'BadRequest',
    'event_store.client.BadRequest',
    new BadRequest().setMessage(message),
  )

/** Of what the server says without a name of its own, as that it is not ready. */
export const batchUnnamed = (message: string): Status =>
  statusOf(0, message, 'google.protobuf.Empty', new GoogleEmpty())

const batchConflict = (expected: Expected, current: number): Status => {
  const wrong = new WrongExpectedVersion()
  if (current < 0) wrong.setCurrentNoStream(new GoogleEmpty())
  else wrong.setCurrentStreamRevision(String(current))
  if (expected === 'any') wrong.setExpectedAny(new GoogleEmpty())
  else if (expected === 'noStream') wrong.setExpectedNoStream(new GoogleEmpty())
  else if (expected === 'streamExists') wrong.setExpectedStreamExists(new GoogleEmpty())
  else wrong.setExpectedStreamPosition(String(expected))
  const name = 'event_store.client.WrongExpectedVersion'
  return statusOf(ALREADY_EXISTS, 'WrongExpectedVersion', name, wrong)
}

/** The answer to one of the appends that share a call. */
export const batchResponse = (
  correlationId: UUID | undefined,
  stream: string,
  answer: Status | { readonly expected: Expected; readonly outcome: Outcome },
): BatchAppendResp => {
  const response = new BatchAppendResp()
    .setCorrelationId(correlationId)
    .setStreamIdentifier(identifierOf(stream))
  if (answer instanceof Status) return response.setError(answer)
  const { expected, outcome } = answer
  switch (outcome.type) {
    case 'deleted':
      return response.setError(
        statusOf(
          NOT_FOUND,
          'StreamDeleted',
          'event_store.client.StreamDeleted',
          new StreamDeleted().setStreamIdentifier(identifierOf(stream)),
        ),
      )
    case 'wrongExpectedVersion':
      return response.setError(batchConflict(expected, outcome.current))
    case 'written': {
      const success = new BatchAppendResp.Success()
      if (outcome.last < 0) success.setNoStream(new GoogleEmpty())
      else success.setCurrentRevision(String(outcome.last))
      if (outcome.position === undefined) success.setNoPosition(new GoogleEmpty())
      else
        success.setPosition(
          new AllStreamPosition()
            .setCommitPosition(String(outcome.position))
            .setPreparePosition(String(outcome.position)),
        )
      return response.setSuccess(success)
    }
  }
}

export const predicateOf = (
  filter: ReadReq.Options.FilterOptions,
): ((record: LogRecord) => boolean) => {
  const expression = filter.getEventType() ?? filter.getStreamIdentifier()
  const textOf = ({ type, stream }: LogRecord) => (filter.hasEventType() ? type : stream)
  const pattern = expression?.getRegex() ?? ''
  if (pattern !== '') {
    // What .NET calls the very end.
    const regex = new RegExp(pattern.replace(/\\z$/, '$'))
    return (record) => regex.test(textOf(record))
  }
  const prefixes = expression?.getPrefixList() ?? []
  return (record) => prefixes.some((prefix) => textOf(record).startsWith(prefix))
}
