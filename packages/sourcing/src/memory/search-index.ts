import * as E from 'fp-ts/lib/Either.js'
import type { Position } from '../event.js'
import { compareText } from '../filter.js'
import type {
  EntryPlace,
  HitWeight,
  SearchedLog,
  SearchEntry,
  SearchHit,
  SearchIndex,
} from '../search/search-index.js'
import { needleOf, occurrences, wordCount, type SearchTerm } from '../search/tokens.js'
import { door } from './door.js'
import type { Tables } from './tables.js'

const placeOf = ({ id, row, origin, source }: SearchEntry): EntryPlace => ({
  id,
  row,
  origin,
  source,
})

const weightOf = ({ text }: SearchEntry, terms: readonly SearchTerm[]): HitWeight => ({
  counts: terms.map((term) => occurrences(text, term)),
  words: wordCount(text),
})

export const searchIndexOver = (tables: Tables): SearchIndex => {
  const { task, close } = door()
  /** In the order in which they were put. */
  let entries = new Map<string, SearchEntry>()
  let log: SearchedLog | undefined
  let checkpoint: Position | undefined

  const move = (moves: (entry: SearchEntry) => boolean, to: string) => {
    for (const [id, entry] of entries) if (moves(entry)) entries.set(id, { ...entry, row: to })
  }

  return {
    open: (wanted) =>
      task(() => {
        const { version } = wanted
        if (log !== undefined && log.version > version)
          return E.left({ type: 'NewerSearchIndex', version, stored: log.version })
        if (log?.version !== version || log.firstEvent !== wanted.firstEvent) {
          entries = new Map()
          checkpoint = undefined
        }
        log = wanted
        return E.right(undefined)
      }),

    checkpoint: () => task(() => E.right(checkpoint)),

    apply: (changes, moved) =>
      task(() => {
        if (moved !== undefined && checkpoint !== moved.after)
          return E.left({
            type: 'CheckpointMoved',
            projection: 'search',
            expected: moved.after,
            actual: checkpoint,
          })
        for (const change of changes)
          switch (change.type) {
            case 'put':
              entries.delete(change.entry.id)
              entries.set(change.entry.id, change.entry)
              break
            case 'remove':
              entries.delete(change.id)
              break
            case 'removeOrigin':
              for (const [id, { origin }] of entries)
                if (origin === change.origin) entries.delete(id)
              break
            case 'moveRow':
              move(({ row }) => row === change.from, change.to)
              break
            case 'moveOrigin':
              move(({ origin }) => origin === change.origin, change.to)
              break
          }
        if (moved !== undefined) checkpoint = moved.position
        return E.right(undefined)
      }),

    openedBy: (keys) =>
      task(() =>
        E.right(
          [...entries.values()]
            .filter((entry) => entry.keys.some((key) => keys.includes(key)))
            .map(placeOf)
            .sort((a, b) => compareText(a.id, b.id)),
        ),
      ),

    find: (projection, { terms, limit, weighed, ...query }) =>
      task(() => {
        const needles = terms.map(needleOf)
        const found = new Map<string, SearchEntry>()
        for (const entry of entries.values())
          if (needles.every((needle) => entry.text.includes(needle))) found.set(entry.row, entry)
        return E.map((rows: readonly { key: string; row: Record<string, unknown> }[]) =>
          rows
            .flatMap(({ key, row }): SearchHit[] => {
              const entry = found.get(key)
              if (entry === undefined) return []
              const hit = { key, row, entry: placeOf(entry) }
              return [weighed === true ? { ...hit, weight: weightOf(entry, terms) } : hit]
            })
            .slice(0, limit),
        )(tables.find(projection, { ...query, limit: Infinity }))
      }),

    close: async () => {
      close()
    },
  }
}
