/** How far a place in the log may be from what is saved, and who hears of the work. */
export interface Making {
  readonly signal?: AbortSignal | undefined
  /** Hears how many events were gone through so far. */
  readonly onProgress?: ((events: number) => void) | undefined
  /** What may lie between a place and what its list is read from: past that, a snapshot is made. */
  readonly atMost: { readonly events: number; readonly conversations: number }
}

/** Some tens of megabytes, and a second or two at most. */
export const usualDistance: Making['atMost'] = { events: 20_000, conversations: 5_000 }
