import type { Database } from 'better-sqlite3'

/** Events that go in with one statement where there are as many: half the cost of one by one. */
export const ROWS_AT_ONCE = 16

/**
 * Inserts rows of so many values each, one after another in a list. So many go in `together`, the
 * largest number first; the last of these numbers divides however many there are.
 */
export const inserting = (
  driver: Database,
  table: string,
  { width, together }: { readonly width: number; readonly together: readonly number[] },
): ((values: readonly unknown[]) => void) => {
  const row = `(${Array.from({ length: width }, () => '?').join()})`
  const statements = together.map((rows) => ({
    length: rows * width,
    insert: driver.prepare(
      `INSERT INTO ${table} VALUES ${Array.from({ length: rows }, () => row).join()}`,
    ),
  }))
  return (values) => {
    let at = 0
    for (const { length, insert } of statements)
      for (; at + length <= values.length; at += length)
        insert.run(at === 0 && length === values.length ? values : values.slice(at, at + length))
  }
}
