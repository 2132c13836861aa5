/**
 * The ids that stand in streams, as far as this process has seen them: the server lets an id stand
 * twice in a stream, an append at an exact revision does not if what is below is known.
 */
import type { StreamName } from '@threadbook/sourcing'

/** Ids of one stream that are remembered, the newest: an older one is not recognised. */
export const IDS_PER_STREAM = 20_000
const IDS = 200_000

interface Known {
  /** The ids of all events from here on … */
  from: number
  /** … and before this revision are known. */
  next: number
  readonly revisions: Map<string, number>
}

export interface Standing {
  readonly id: string
  readonly revision: number
}

export class KnownIds {
  /** In the order in which they were last used. */
  readonly #streams = new Map<StreamName, Known>()
  #count = 0

  /** What stands in a stream from `from` on, without a gap. */
  learn(stream: StreamName, from: number, events: readonly Standing[]): void {
    const known = this.#of(stream, from)
    if (known === undefined) return
    for (const { id, revision } of events) this.#add(known, id, revision)
    this.#trim(known)
  }

  /** What was appended at `first`; from `from` on to there nothing stands. */
  appended(
    stream: StreamName,
    { from, first }: { readonly from: number; readonly first: number },
    events: readonly { readonly id: string }[],
  ): void {
    const known = this.#of(stream, from)
    if (known === undefined) return
    for (const [index, { id }] of events.entries()) this.#add(known, id, first + index)
    this.#trim(known)
  }

  forget(stream: StreamName): void {
    this.#count -= this.#streams.get(stream)?.revisions.size ?? 0
    this.#streams.delete(stream)
  }

  /** The first revision that is not known any more; 0 for a stream that is not known at all. */
  next(stream: StreamName): number {
    return this.#streams.get(stream)?.next ?? 0
  }

  /** Where to read on, to know all that counts at and below the revision; undefined if it is. */
  missing(stream: StreamName, revision: number): number | undefined {
    const oldest = Math.max(0, revision + 1 - IDS_PER_STREAM)
    const known = this.#streams.get(stream)
    if (known === undefined || known.from > oldest || known.next < oldest) {
      this.forget(stream)
      return oldest
    }
    return known.next > revision ? undefined : known.next
  }

  /** Whether the id stands at this revision or below. */
  has(stream: StreamName, id: string, revision: number): boolean {
    const standing = this.#streams.get(stream)?.revisions.get(id)
    return standing !== undefined && standing <= revision
  }

  /** As the one used last; undefined where there is a gap before `from`. */
  #of(stream: StreamName, from: number): Known | undefined {
    const known = this.#streams.get(stream) ?? { from, next: from, revisions: new Map() }
    if (from > known.next) return undefined
    this.#streams.delete(stream)
    this.#streams.set(stream, known)
    return known
  }

  #add(known: Known, id: string, revision: number): void {
    if (revision < known.next) return
    known.revisions.set(id, revision)
    known.next = revision + 1
    this.#count++
  }

  #trim(newest: Known): void {
    for (const [id, revision] of newest.revisions) {
      if (newest.revisions.size <= IDS_PER_STREAM) break
      newest.revisions.delete(id)
      newest.from = revision + 1
      this.#count--
    }
    for (const stream of this.#streams.keys()) {
      if (this.#count <= IDS || this.#streams.size === 1) break
      this.forget(stream)
    }
  }
}
