import type { Database } from 'better-sqlite3'

/** Rows that go in with one statement where there are as many: half the cost of one by one. */
export const ROWS_AT_ONCE = 16

/** Inserts rows of so many values each: up to `ROWS_AT_ONCE` of them, one after another in a list. */
export const inserting = (
  driver: Database,
  table: string,
  width: number,
): ((values: readonly unknown[]) => void) => {
  const row = `(${Array.from({ length: width }, () => '?').join()})`
  const insert = (rows: number) =>
    driver.prepare(`INSERT INTO ${table} VALUES ${Array.from({ length: rows }, () => row).join()}`)
  const one = insert(1)
  const many = insert(ROWS_AT_ONCE)
  return (values) => {
    if (values.length === width) one.run(values)
    else if (values.length === width * ROWS_AT_ONCE) many.run(values)
    else for (let at = 0; at < values.length; at += width) one.run(values.slice(at, at + width))
  }
}
