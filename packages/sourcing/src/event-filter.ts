import type { RecordedEvent } from './event.js'
import type { EventFilter } from './event-store.js'

/** A filter as a predicate: what stores that look through events one by one let pass. */
export const passes = ({ types, streamPrefixes }: EventFilter = {}): ((
  event: Pick<RecordedEvent, 'type' | 'stream'>,
) => boolean) => {
  const wanted = types === undefined ? undefined : new Set(types)
  return ({ type, stream }) =>
    wanted?.has(type) !== false &&
    streamPrefixes?.some((prefix) => stream.startsWith(prefix)) !== false
}
