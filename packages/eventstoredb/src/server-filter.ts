/** An `EventFilter` as the server takes it, and what is left of it to be done here. */
import type { EventFilter } from '@threadbook/sourcing'
import type { ReadBack, ServerFilter } from './client.js'
import { isSystemType } from './recorded.js'

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|#]/g, '\\$&')

const oneOf = (texts: readonly string[]): string =>
  texts.length === 0 ? '(?!)' : `^(?:${texts.map(escaped).join('|')})`

/**
 * By one kind only: by types, which are the fewer. As a regex, since the server compares prefixes
 * as a language would: to it `cafe` does not begin the word `café`, if that is written decomposed.
 */
export const serverFilter = ({
  types,
  streamPrefixes,
}: EventFilter): Pick<ServerFilter, 'filterOn' | 'regex'> => {
  // `\z`, since `$` also lets a line end follow.
  if (types !== undefined) return { filterOn: 'eventType', regex: `${oneOf(types)}\\z` }
  if (streamPrefixes !== undefined) return { filterOn: 'streamName', regex: oneOf(streamPrefixes) }
  return { filterOn: 'eventType', regex: '^[^$]' }
}

export const letsNothingPass = ({ types, streamPrefixes }: EventFilter): boolean =>
  types?.length === 0 || streamPrefixes?.length === 0

/** The whole filter; the server's own events pass none. */
export const passes = ({ types, streamPrefixes }: EventFilter): ((event: ReadBack) => boolean) => {
  const wanted = types === undefined ? undefined : new Set(types)
  return ({ type, streamId }) =>
    !isSystemType(type) &&
    wanted?.has(type) !== false &&
    streamPrefixes?.some((prefix) => streamId.startsWith(prefix)) !== false
}
