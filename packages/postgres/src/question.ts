/**
 * One statement on its way to the server and back. As pg's own query, but without what is never
 * looked at here: the names and types of columns, which the server would look up and send each time
 * (a fifth of what a short statement costs).
 */
import type pg from 'pg'

/** Every value as the server writes it. */
export type SqlRow = readonly (string | null)[]

/** What pg offers to those who write a query of their own. */
interface Connection {
  readonly stream: { readonly cork: () => void; readonly uncork: () => void }
  readonly query: (text: string) => void
  readonly parsedStatements: Readonly<Record<string, string | undefined>>
  readonly parse: (message: { name: string; text: string; types: readonly number[] }) => void
  readonly bind: (message: { statement: string; values: readonly unknown[] }) => void
  readonly execute: (message: object) => void
  readonly sync: () => void
  readonly sendCopyFromChunk: (chunk: Buffer) => void
  readonly endCopyFrom: () => void
}

export interface Statement {
  readonly text: string
  /** Prepares it under this name, once a connection. */
  readonly name?: string
  /** Undefined: the text may hold several statements. */
  readonly values?: readonly Parameter[]
  /** What a COPY FROM STDIN without values reads, in its text format. */
  readonly copy?: string
}

type Value = string | number | boolean | Buffer | null
/** A list is an array to the server. */
export type Parameter = Value | readonly Value[]

const element = (value: Value): string => {
  if (value === null) return 'NULL'
  if (Buffer.isBuffer(value)) return `"\\\\x${value.toString('hex')}"`
  if (typeof value !== 'string') return String(value)
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** A parameter as the server reads it. */
const written = (value: Parameter): string | Buffer | null => {
  if (value === null || typeof value === 'string' || Buffer.isBuffer(value)) return value
  return typeof value === 'object' ? `{${value.map(element).join()}}` : String(value)
}

/** A value as COPY reads it in its text format. */
export const copied = (value: string | number | boolean | null): string => {
  if (value === null) return '\\N'
  if (typeof value !== 'string' || !/[\\\n\r\t]/.test(value)) return String(value)
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
}

export class Question implements pg.Submittable {
  /** pg remembers under its name what is prepared. */
  readonly name: string | undefined
  readonly text: string
  /** Where the host's pool sets `query_timeout`, pg hears here that its timer can go. */
  callback: () => void = () => undefined
  readonly #values: readonly (string | Buffer | null)[] | undefined
  readonly #rows: SqlRow[] = []
  readonly #answer: (rows: readonly SqlRow[]) => void
  readonly #fail: (error: Error) => void
  readonly #copy: string

  constructor(
    name: string | undefined,
    { text, values, copy = '' }: Statement,
    answer: (rows: readonly SqlRow[]) => void,
    fail: (error: Error) => void,
  ) {
    this.name = name
    this.text = text
    this.#values = values?.map(written)
    this.#answer = answer
    this.#fail = fail
    this.#copy = copy
  }

  submit(to: unknown): void {
    const connection = to as Connection
    if (this.#values === undefined) {
      connection.query(this.text)
      return
    }
    const statement = this.name ?? ''
    connection.stream.cork()
    if (this.name === undefined || connection.parsedStatements[statement] === undefined)
      connection.parse({ name: statement, text: this.text, types: [] })
    connection.bind({ statement, values: this.#values })
    connection.execute({})
    connection.sync()
    connection.stream.uncork()
  }

  handleDataRow({ fields }: { readonly fields: SqlRow }): void {
    this.#rows.push(fields)
  }

  handleCopyInResponse(to: unknown): void {
    const connection = to as Connection
    connection.sendCopyFromChunk(Buffer.from(this.#copy))
    connection.endCopyFrom()
  }

  handleError(error: Error): void {
    this.callback()
    this.#fail(error)
  }

  handleReadyForQuery(): void {
    this.callback()
    this.#answer(this.#rows)
  }

  // The rows are all there is to know.
  handleRowDescription(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
}
