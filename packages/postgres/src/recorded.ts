import {
  countedPosition,
  type Metadata,
  type Position,
  type RecordedEvent,
  type StreamName,
} from '@threadbook/sourcing'
import type { SqlRow } from './question.js'

export const positionOf = (text: string | null | undefined): Position =>
  countedPosition(Number(text))

/** An event as the log's functions answer with it. */
export const recorded = (
  stream: StreamName,
  [position, revision, id, type, data, metadata]: SqlRow,
): RecordedEvent => ({
  id: id!,
  stream,
  revision: Number(revision),
  type: type!,
  data: JSON.parse(data!) as unknown,
  metadata: JSON.parse(metadata!) as Metadata,
  position: positionOf(position),
})
