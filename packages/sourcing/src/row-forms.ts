/**
 * Rows as text. Most rows of a table have the same names, which take half of the room: a list of
 * names is kept once, as a form, and rows are JSON arrays of the form's number and their values.
 * Short rows and those of rare forms are JSON objects, as are all that were written before.
 */
import { createHash } from 'node:crypto'
import { BoundedMap } from './bounded-map.js'

type Row = Record<string, unknown>

export interface RowForm {
  /** Follows from the names, so that nobody has to ask for it. */
  readonly no: number
  /** Of all fields, in the order of the row's. */
  readonly names: readonly string[]
}

/** Exact as a number, and never the same for two of the few lists that there are. */
const NUMBER_BYTES = 6
/** Names that take less room than that a number is shorter. */
const LEAST_NAMES = 40
/** Of one kind of rows: where names are made of data, each row might have its own. */
const MOST_FORMS = 20
const FORMS_REMEMBERED = 1_000

const rowForm = (names: readonly string[]): RowForm => {
  const hash = createHash('sha256').update(JSON.stringify(names)).digest()
  return { no: hash.readUIntBE(0, NUMBER_BYTES), names }
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, index) => name === other[index])

/** The form of each of one kind of rows; undefined for those that are kept as objects. */
export const rowForms = (): ((row: object) => RowForm | undefined) => {
  const known: RowForm[] = []
  return (row) => {
    const names = Object.keys(row)
    const found = known.find((form) => isSame(form.names, names))
    if (found !== undefined || known.length === MOST_FORMS) return found
    if (JSON.stringify(names).length < LEAST_NAMES) return undefined
    const form = rowForm(names)
    known.push(form)
    return form
  }
}

/** `values` as in `RowChange`. */
export const rowText = (form: RowForm | undefined, row: object, values: string): string =>
  form === undefined ? JSON.stringify(row) : `[${String(form.no)},${values.slice(1)}`

/** The number of the form that a row's text needs to be read; undefined where it needs none. */
export const formNo = (text: string): number | undefined =>
  text.startsWith('[') ? Number(text.slice(1, text.indexOf(','))) : undefined

/** Makes rows of values, the first of which is no field's. */
const rowMaker = (names: readonly string[]): ((values: readonly unknown[]) => Row) => {
  // A copy has all of its fields at once, which costs far less than to add one after another.
  const blank = JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join()}}`) as Row
  return (values) => {
    const row = { ...blank }
    for (let index = 0; index < names.length; index++) row[names[index]!] = values[index + 1]
    return row
  }
}

/** Reads what `rowText` wrote, with the names that were kept under a form's number. */
export const rowReader = (
  namesOf: (no: number) => readonly string[] | undefined,
): ((text: string) => Row) => {
  const makers = new BoundedMap<number, ReturnType<typeof rowMaker>>(FORMS_REMEMBERED)
  return (text) => {
    const read = JSON.parse(text) as Row | readonly [no: number, ...values: unknown[]]
    if (!Array.isArray(read)) return read as Row
    const no = read[0] as number
    let maker = makers.get(no)
    if (maker === undefined) {
      const names = namesOf(no)
      if (names === undefined)
        throw new Error(`rows of form ${String(no)}: its names are not there`)
      makers.set(no, (maker = rowMaker(names)))
    }
    return maker(read)
  }
}
