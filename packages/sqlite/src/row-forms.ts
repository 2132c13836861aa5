/** The names of rows' fields, each list of them kept once for the whole file. */
import type { Statement } from 'better-sqlite3'
import { rowReader, type RowForm } from '@threadbook/sourcing'
import type { Database } from './database.js'

/** For `values` of `formValues`; what is there already stays as it is. */
export const KEEP_FORM = 'INSERT OR IGNORE INTO row_forms VALUES (?, ?)'
export const formValues = ({ no, names }: RowForm) => [no, JSON.stringify(names)] as const

/** Reads rows by statements of this connection; `schema` with a dot, or empty. */
export const rowsRead = (
  statement: (sql: string) => Statement,
  schema = '',
): ((text: string) => Record<string, unknown>) =>
  rowReader((no) => {
    const names = statement(`SELECT names FROM ${schema}row_forms WHERE form_no = ?`)
      .pluck()
      .get(no) as string | undefined
    return names === undefined ? undefined : (JSON.parse(names) as string[])
  })

export interface StoredForms {
  readonly read: (text: string) => Record<string, unknown>
  /** Writes. */
  readonly keep: (form: RowForm) => void
}

export const openForms = (db: Database): StoredForms => {
  const kept = new Set<number>()
  db.listen({
    forget: () => {
      kept.clear()
    },
  })
  return {
    read: rowsRead(db.statement),
    keep: (form) => {
      if (kept.has(form.no)) return
      db.statement(KEEP_FORM).run(formValues(form))
      kept.add(form.no)
    },
  }
}
