/** The port to full text: entries of plain words, each belonging to a row. Rebuilt from the log. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Unavailable } from '../event-store.js'
import type { Position } from '../event.js'
import type { Rows } from '../projection.js'
import type { CheckpointMoved, KeyedRow, RowQuery } from '../read-models.js'
import type { KeyId } from '../vault.js'
import type { SearchTerm } from './tokens.js'

export interface SearchEntry {
  readonly id: string
  /** The key of the row that it finds. */
  readonly row: string
  /** The key of the row it was written for: another, where one was merged into another. */
  readonly origin: string
  /** Where its text comes from, in words of the caller's own: given back with hits. */
  readonly source: string
  /** As `indexedText` makes it. */
  readonly text: string
  /** Keys that opened the text, but for the one that goes with its `origin`. */
  readonly keys: readonly KeyId[]
}

export type EntryPlace = Pick<SearchEntry, 'id' | 'row' | 'origin' | 'source'>

export type SearchChange =
  /** In place of an entry of the same id. */
  | { readonly type: 'put'; readonly entry: SearchEntry }
  | { readonly type: 'remove'; readonly id: string }
  /** All that was written for this row. */
  | { readonly type: 'removeOrigin'; readonly origin: string }
  /** What finds one row finds another from now on. */
  | { readonly type: 'moveRow'; readonly from: string; readonly to: string }
  /** What was written for one row finds another from now on. */
  | { readonly type: 'moveOrigin'; readonly origin: string; readonly to: string }

export interface SearchQuery extends RowQuery {
  /** At least one; all of them in one entry. */
  readonly terms: readonly [SearchTerm, ...SearchTerm[]]
  /** Hits come with their weight. */
  readonly weighed?: boolean | undefined
}

/** What an order by how well a hit matches can be made of: the same on every store. */
export interface HitWeight {
  /** How often each term stands in the entry, in the order of the terms; see `occurrences`. */
  readonly counts: readonly number[]
  /** How long the entry is, in words, the signs between its parts among them. */
  readonly words: number
}

export interface SearchHit extends KeyedRow {
  /** The entry that was put last of those that match. */
  readonly entry: EntryPlace
  /** Where it was asked for. */
  readonly weight?: HitWeight
}

/** Kept by software that knows a newer version of what is indexed. */
export interface NewerSearchIndex {
  readonly type: 'NewerSearchIndex'
  readonly version: number
  readonly stored: number
}

/** What an index speaks of. */
export interface SearchedLog {
  /** Raised with every change of what is indexed, or how. */
  readonly version: number
  /** Its first event's id: the index of another log is of no use. */
  readonly firstEvent: string
}

export interface SearchIndex {
  /** Empties an index of an older version, or of another log; refuses one of a newer version. */
  readonly open: (log: SearchedLog) => TaskEither<Unavailable | NewerSearchIndex, void>
  /** The position up to which it speaks; undefined before the first event. */
  readonly checkpoint: () => TaskEither<Unavailable, Position | undefined>
  /**
   * Carries out changes in their order and moves the checkpoint, where one is named, from `after` to
   * `position`: all of it, or nothing. What is removed is removed from the disk, too.
   */
  readonly apply: (
    changes: readonly SearchChange[],
    checkpoint?: { readonly after: Position | undefined; readonly position: Position },
  ) => TaskEither<Unavailable | CheckpointMoved, void>
  /** Entries whose text was opened with one of these keys, by id. */
  readonly openedBy: (keys: readonly KeyId[]) => TaskEither<Unavailable, readonly EntryPlace[]>
  /** As `ReadModels.find`, of the rows with an entry that holds all terms. */
  readonly find: (
    projection: Rows,
    query: SearchQuery,
  ) => TaskEither<Unavailable, readonly SearchHit[]>
  /** From then on all else is `Unavailable`. */
  readonly close: () => Promise<void>
}
