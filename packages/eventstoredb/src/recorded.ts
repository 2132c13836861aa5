import type { Metadata, RecordedEvent } from '@threadbook/sourcing'
import type { ReadBack } from './client.js'
import { toPosition } from './position.js'

/** The server's own events: metadata, tombstones, links. */
export const isSystemType = (type: string): boolean => type.startsWith('$')

const NOWHERE = { commit: 0n, prepare: 0n }

/** Events of other writers may have no metadata: whoever reads them by a codec is told. */
export const recorded = (
  event: ReadBack,
  position = toPosition(event.position ?? NOWHERE),
): RecordedEvent => ({
  id: event.id,
  type: event.type,
  data: event.data,
  metadata: (event.metadata ?? {}) as Metadata,
  stream: event.streamId,
  revision: Number(event.revision),
  position,
})
