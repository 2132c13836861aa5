import type { IsoTime } from '@threadbook/sourcing'
import type { LastFault } from './health.js'

/** One for each part that runs in the background: there are few. */
export interface LastFaults {
  readonly hear: (where: string, fault: unknown) => void
  readonly of: (where: string) => LastFault | undefined
}

const kindOf = (fault: unknown): string => {
  const type = (fault as { readonly type?: unknown } | null | undefined)?.type
  if (typeof type === 'string') return type
  return fault instanceof Error ? fault.name : typeof fault
}

export const lastFaults = (
  now: () => IsoTime,
  onFault: (where: string, fault: unknown) => void,
): LastFaults => {
  const last = new Map<string, LastFault>()
  return {
    hear: (where, fault) => {
      last.set(where, { fault: kindOf(fault), at: now() })
      onFault(where, fault)
    },
    of: (where) => last.get(where),
  }
}
