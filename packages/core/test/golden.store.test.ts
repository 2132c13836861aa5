/**
 * Stored events of every type and schema version, as they were written when the version was new.
 * They are read for ever. `npm run golden` adds those that are missing, and never changes one.
 */
import { describe, expect, it } from '@jest/globals'
import { kinds } from '@threadbook/core'
import { jsonSchemaOf } from '@threadbook/core/schema'
import {
  decodeEvent,
  type Category,
  type DomainEvent,
  type StreamEvent,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { samplesOf } from './golden-samples.js'

const FOLDER = join(__dirname, 'golden')

const categories = Object.values(kinds) as unknown as readonly {
  readonly category: Category<never, unknown, DomainEvent, unknown>
}[]

const today = categories.flatMap(({ category }) =>
  [...category.events.byName.values()].map((type) => ({
    category,
    type,
    file: join(category.category, `${type.type}.v${String(type.version)}.json`),
  })),
)

const stored =
  (category: string, type: string, schemaVersion: number) => (data: unknown, n: number) => ({
    type,
    data,
    id: `00000000-0000-5000-8000-${String(n).padStart(12, '0')}`,
    stream: `${category}-acme.1`,
    revision: n,
    metadata: {
      schemaVersion,
      account: 'acme',
      actor: 'user:ada',
      commandId: 'command-1',
      occurredAt: '2026-11-23T09:00:00.000Z',
      recordedAt: '2026-11-23T09:00:01.000Z',
    },
  })

const read = (file: string): readonly StreamEvent[] => {
  const path = join(FOLDER, file)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as StreamEvent[]) : []
}

/** What of a type's version written today no stored event shows: a field, a word, a shape. */
const missing = ({ type, file }: (typeof today)[number]) =>
  samplesOf(
    type.data,
    read(file).map(({ data }) => data),
  )

if (process.env['GOLDEN'] === 'write')
  for (const one of today) {
    const { category, type, file } = one
    const there = read(file)
    const more = missing(one).map((data, n) =>
      stored(category.category, type.type, type.version)(data, there.length + n),
    )
    if (more.length === 0) continue
    mkdirSync(dirname(join(FOLDER, file)), { recursive: true })
    const lines = [...there, ...more].map((event) => JSON.stringify(event))
    writeFileSync(join(FOLDER, file), `[\n${lines.join(',\n')}\n]\n`)
  }

const files = readdirSync(FOLDER).flatMap((category) =>
  readdirSync(join(FOLDER, category)).map((name) => join(category, name)),
)
const paths = files.map((file) => {
  const [, category, type, version] = /^(\w+)[\\/](\w+)\.v(\d+)\.json$/.exec(file) ?? []
  return [file, category, type, Number(version)] as const
})

type Schema = Readonly<Record<string, unknown>>

/** The paths of what the schema does not know. */
const unknownIn = (value: unknown, schema: Schema, defs: Schema, path = ''): readonly string[] => {
  const inner = (part: unknown, of: unknown, name: string) =>
    unknownIn(part, of as Schema, defs, `${path}.${name}`)
  if (typeof schema['$ref'] === 'string')
    return unknownIn(value, defs[schema['$ref'].replace('#/$defs/', '')] as Schema, defs, path)
  if (Array.isArray(schema['anyOf'])) {
    const all = (schema['anyOf'] as Schema[]).map((one) => unknownIn(value, one, defs, path))
    return all.find((unknown) => unknown.length === 0) ?? all[0] ?? []
  }
  if (Array.isArray(value))
    return schema['items'] === undefined
      ? [path]
      : value.flatMap((item) => inner(item, schema['items'], '[]'))
  if (typeof value !== 'object' || value === null) return []
  const properties = (schema['properties'] ?? {}) as Schema
  return Object.entries(value).flatMap(([name, part]) => {
    const of = properties[name] ?? schema['additionalProperties']
    return of === undefined ? [`${path}.${name}`] : inner(part, of, name)
  })
}

it.each(today.map((one) => [one.file, one] as const))(
  '%s shows all that is written today (npm run golden)',
  (_, one) => expect(missing(one)).toEqual([]),
)

describe.each(paths)('%s', (file, categoryName, type, version) => {
  const category = categories
    .map((kind) => kind.category)
    .find((one) => one.category === categoryName)
  const known = category?.events.byName.get(type ?? '')

  it('is of a type that there still is', () => expect(known).toBeDefined())

  it('is read', () => {
    for (const event of read(file)) {
      expect([event.type, event.metadata.schemaVersion]).toEqual([type, version])
      const decoded = decodeEvent(category!.events)(event)
      expect(decoded).toMatchObject({ _tag: 'Right' })
      if (E.isRight(decoded)) category!.evolve(category!.initial(), decoded.right)
    }
  })

  it('has no field that its codec has forgotten', () => {
    if (version !== known!.version) return
    const schema = jsonSchemaOf(known!.data)
    const defs = (schema['$defs'] ?? {}) as Schema
    for (const { data } of read(file)) expect(unknownIn(data, schema, defs)).toEqual([])
  })
})
