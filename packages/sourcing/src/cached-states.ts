/** States of streams between commands. Each is worked on by one attempt alone: it is lent. */
import { BoundedMap } from './bounded-map.js'
import type { StreamName } from './event.js'

export interface Envelope {
  state: unknown
  /** -1 before the first event. */
  revision: number
  /** Accepted command ids, each with the revision of its last event. */
  readonly commands: Map<string, number>
}

export class CachedStates {
  readonly #kept: BoundedMap<StreamName, Envelope>
  /** How many are at work on a stream, with the state that was kept or one of their own. */
  readonly #borrowers = new Map<StreamName, number>()

  constructor(limit: number) {
    this.#kept = new BoundedMap(limit)
  }

  /** Begins work on a stream; undefined where no state is kept, or another has it. */
  borrow(stream: StreamName): Envelope | undefined {
    this.#borrowers.set(stream, (this.#borrowers.get(stream) ?? 0) + 1)
    return this.#kept.take(stream)
  }

  /** What another gave back since `borrow`, as long as it is newer than one's own. */
  takeNewer(stream: StreamName, { revision }: Envelope): Envelope | undefined {
    const kept = this.#kept.take(stream)
    return kept !== undefined && kept.revision > revision ? kept : undefined
  }

  /** Whether others are at work on a stream that one has borrowed. */
  isShared(stream: StreamName): boolean {
    return (this.#borrowers.get(stream) ?? 0) > 1
  }

  /** Ends work on a stream. Without a state there is none to keep; of two, the newer one is kept. */
  giveBack(stream: StreamName, envelope?: Envelope): void {
    const others = (this.#borrowers.get(stream) ?? 1) - 1
    if (others > 0) this.#borrowers.set(stream, others)
    else this.#borrowers.delete(stream)
    if (envelope !== undefined && envelope.revision > (this.#kept.get(stream)?.revision ?? -1))
      this.#kept.set(stream, envelope)
  }
}
