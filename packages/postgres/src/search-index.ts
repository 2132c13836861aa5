/** The search index, beside the rows: words by a GIN index, what stands next to what by the text. */
import * as E from 'fp-ts/lib/Either.js'
import {
  distinctTokens,
  needleOf,
  weightFrom,
  type CheckpointMoved,
  type EntryPlace,
  type NewerSearchIndex,
  type Position,
  type SearchChange,
  type SearchedLog,
  type SearchHit,
  type SearchIndex,
  type SearchTerm,
  type Unavailable,
} from '@threadbook/sourcing'
import type { Database, Run } from './database.js'
import { door } from './door.js'
import { unavailable } from './faults.js'
import { binder, type Bind } from './filter-sql.js'
import { quoted } from './identifiers.js'
import type { Parameter, SqlRow } from './question.js'
import { formsOver } from './row-forms.js'
import { rowTable } from './row-table.js'

/** As tsquery has it: each word for itself. Words are letters and digits. */
const queryOf = (terms: readonly SearchTerm[]): string =>
  terms
    .flatMap(({ tokens, prefix }) =>
      tokens.map((token, index) =>
        prefix && index === tokens.length - 1 ? `'${token}':*` : `'${token}'`,
      ),
    )
    .join(' & ')

/** That an entry holds the terms. */
const holding =
  (terms: readonly SearchTerm[]) =>
  (bind: Bind): string =>
    [
      `e.words @@ ${bind(queryOf(terms), 'tsquery')}`,
      ...terms.map((term) => `position(${bind(needleOf(term), 'text')} in e.text) > 0`),
    ].join(' AND ')

const placeOf = ([id, row, origin, source]: SqlRow): EntryPlace => ({
  id: id!,
  row: row!,
  origin: origin!,
  source: source!,
})

export const searchIndexOver = (db: Database, schema: string): SearchIndex => {
  const s = quoted(schema)
  const { task, close } = door()
  const forms = formsOver(s, db.run)
  const entries = `${s}.search_entries`

  const state = async (run: Run, lock = '') => {
    const [row] = await run({
      text: `SELECT version, first_event, checkpoint FROM ${s}.search_state ${lock}`,
    })
    return (
      row && {
        version: Number(row[0]),
        firstEvent: row[1]!,
        checkpoint: (row[2] ?? undefined) as Position | undefined,
      }
    )
  }

  const open = ({ version, firstEvent }: SearchedLog) =>
    db.transaction<E.Either<NewerSearchIndex, void>>(async (run) => {
      await run({ text: `LOCK TABLE ${s}.search_state IN EXCLUSIVE MODE` })
      const there = await state(run)
      if (there !== undefined && there.version > version)
        return E.left({ type: 'NewerSearchIndex', version, stored: there.version })
      if (there?.version === version && there.firstEvent === firstEvent) return E.right(undefined)
      await run({ text: `DELETE FROM ${entries}` })
      await run({ text: `DELETE FROM ${s}.search_state` })
      await run({
        text: `INSERT INTO ${s}.search_state VALUES ($1, $2, NULL)`,
        values: [version, firstEvent],
      })
      return E.right(undefined)
    })

  const carryOut = async (run: Run, change: SearchChange): Promise<void> => {
    switch (change.type) {
      case 'put': {
        const { id, row, origin, source, text, keys } = change.entry
        await run({ text: `DELETE FROM ${entries} WHERE id = $1`, values: [id] })
        await run({
          text: `INSERT INTO ${entries} (id, row, origin, source, text, words, keys)
                 VALUES ($1, $2, $3, $4, $5, array_to_tsvector($6::text[]), $7::text[])`,
          values: [id, row, origin, source, text, distinctTokens(text), keys],
        })
        return
      }
      case 'remove':
        await run({ text: `DELETE FROM ${entries} WHERE id = $1`, values: [change.id] })
        return
      case 'removeOrigin':
        await run({ text: `DELETE FROM ${entries} WHERE origin = $1`, values: [change.origin] })
        return
      case 'moveRow':
        await run({
          text: `UPDATE ${entries} SET row = $2 WHERE row = $1`,
          values: [change.from, change.to],
        })
        return
      case 'moveOrigin':
        await run({
          text: `UPDATE ${entries} SET row = $2 WHERE origin = $1`,
          values: [change.origin, change.to],
        })
        return
    }
  }

  return {
    open: (log) => task(() => open(log)),

    checkpoint: () => task(async () => E.right((await state(db.run))?.checkpoint)),

    apply: (changes, moved) =>
      task(() =>
        db.transaction<E.Either<CheckpointMoved, void>>(async (run) => {
          const actual = (await state(run, 'FOR UPDATE'))?.checkpoint
          // Already there: the answer to an attempt before was lost.
          if (moved !== undefined && actual === moved.position && actual !== moved.after)
            return E.right(undefined)
          if (moved !== undefined && actual !== moved.after)
            return E.left({
              type: 'CheckpointMoved',
              projection: 'search',
              expected: moved.after,
              actual,
            })
          for (const change of changes) await carryOut(run, change)
          if (moved !== undefined)
            await run({
              text: `UPDATE ${s}.search_state SET checkpoint = $1`,
              values: [moved.position],
            })
          return E.right(undefined)
        }),
      ),

    openedBy: (keys) =>
      task(async () => {
        const rows = await db.run({
          text: `SELECT id, row, origin, source FROM ${entries}
                 WHERE keys && $1::text[] ORDER BY id`,
          values: [keys],
        })
        return E.right(rows.map(placeOf))
      }),

    find: (projection, { terms, weighed, ...query }) =>
      task(async (): Promise<E.Either<Unavailable, readonly SearchHit[]>> => {
        const { name, version } = projection
        const [stored] = await db.run({
          text: `SELECT no FROM ${s}.projections
                 WHERE name = $1 AND version = $2 AND role = 'served'`,
          values: [name, version],
        })
        if (stored === undefined)
          return E.left(
            unavailable(`the rows of ${name} are not there in version ${String(version)}`),
          )
        const holds = holding(terms)
        const table = rowTable(s, stored[0]!, projection)
        const found = await db.run(
          table.find(
            query,
            (bind) => `_key IN (SELECT e.row FROM ${entries} e WHERE ${holds(bind)})`,
          ),
        )
        const rows = await forms.rows(db.run, found)
        const values: Parameter[] = []
        const bind = binder(values)
        const needles = terms.map(needleOf)
        // How much shorter it would be without them: PostgreSQL counts no occurrences.
        const weights = (weighed === true ? [...needles, ' '] : []).map(
          (each) => `, length(e.text) - length(replace(e.text, ${bind(each, 'text')}, ''))`,
        )
        const places = await db.run({
          text: `SELECT DISTINCT ON (e.row) e.id, e.row, e.origin, e.source ${weights.join('')}
                 FROM ${entries} e
                 WHERE e.row = ANY(${bind(
                   rows.map(({ key }) => key),
                   'text[]',
                 )}) AND ${holds(bind)}
                 ORDER BY e.row, e.no DESC`,
          values,
        })
        const last = new Map(places.map((row) => [row[1]!, row]))
        // Without one: it was removed in between.
        return E.right(
          rows.flatMap((row): SearchHit[] => {
            const entry = last.get(row.key)
            if (entry === undefined) return []
            const hit = { ...row, entry: placeOf(entry) }
            const shorter = entry.slice(4).map(Number)
            return [weighed === true ? { ...hit, weight: weightFrom(shorter, needles) } : hit]
          }),
        )
      }),

    close: async () => {
      close()
    },
  }
}
