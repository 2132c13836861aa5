/** The names of rows' fields, each list of them kept once for the whole schema, and never changed. */
import { formNo, rowReader, type KeyedRow, type RowForm } from '@threadbook/sourcing'
import type { Run } from './database.js'
import type { SqlRow } from './question.js'

export interface StoredForms {
  /** Rows that came as their keys and texts. */
  readonly rows: (run: Run, found: readonly SqlRow[]) => Promise<KeyedRow[]>
  /** Writes those that are not there yet. */
  readonly keep: (run: Run, forms: ReadonlySet<RowForm>) => Promise<void>
}

export const formsOver = (s: string, alone: Run): StoredForms => {
  const names = new Map<number, readonly string[]>()
  const kept = new Set<number>()
  const read = rowReader((no) => names.get(no))

  const learn = async (run: Run, numbers: ReadonlySet<number>) => {
    const found = await run({
      text: `SELECT no, names FROM ${s}.row_forms WHERE no = ANY($1::bigint[])`,
      values: [[...numbers]],
    })
    for (const [no, list] of found) names.set(Number(no), JSON.parse(list!) as string[])
  }

  return {
    rows: async (run, found) => {
      const unknown = new Set<number>()
      for (const [, text] of found) {
        const no = formNo(text!)
        if (no !== undefined && !names.has(no)) unknown.add(no)
      }
      if (unknown.size > 0) await learn(run, unknown)
      return found.map(([key, text]) => ({ key: key!, row: read(text!) }))
    },

    keep: async (run, forms) => {
      const missing = [...forms].filter(({ no }) => !kept.has(no))
      if (missing.length === 0) return
      await run({
        text: `INSERT INTO ${s}.row_forms SELECT * FROM unnest($1::bigint[], $2::text[])
               ON CONFLICT DO NOTHING`,
        values: [missing.map(({ no }) => no), missing.map(({ names }) => JSON.stringify(names))],
      })
      // Inside a transaction it may still be undone.
      if (run === alone) for (const { no } of missing) kept.add(no)
    },
  }
}
