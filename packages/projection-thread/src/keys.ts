import { isSealedData, type KeyId, type StreamEvent } from '@threadbook/sourcing'

const collect = (data: unknown, keys: Set<KeyId>): void => {
  if (isSealedData(data)) keys.add(data.k)
  else if (typeof data === 'object' && data !== null)
    for (const value of Object.values(data)) collect(value, keys)
}

/** The keys that anything in these events is under: to be read from the vault at once. */
export const threadKeys = (events: readonly StreamEvent[]): ReadonlySet<KeyId> => {
  const keys = new Set<KeyId>()
  for (const { data } of events) collect(data, keys)
  return keys
}
