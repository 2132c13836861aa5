/**
 * Writes docs/events.md and the JSON Schemas of every event and command, from the codecs of the
 * built core and the comments on them. With `--check` it writes nothing, and fails where one of
 * them is not what it would write.
 */
import { commandSchemas, eventSchemas } from '@threadbook/core/schema'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { declaredIn, headOf } from './declared.mjs'
import { page } from './events-page.mjs'
import { keepFiles } from './generated.mjs'

const CORE = 'packages/core/src'
const SCHEMAS = 'packages/core/schemas'

/** @type {(folder: string) => string[]} */
const filesUnder = (folder) =>
  !existsSync(folder)
    ? []
    : readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name)
        return entry.isDirectory() ? filesUnder(path) : [path]
      })

const sources = filesUnder(CORE).filter((path) => path.endsWith('.ts'))
const declared = new Map(sources.flatMap((path) => [...declaredIn(readFileSync(path, 'utf8'))]))

const folderOf = new Map(
  sources
    .filter((path) => path.endsWith('/index.ts'))
    .flatMap((path) => {
      const source = readFileSync(path, 'utf8')
      const category = /\bcategory: '(\w+)'/.exec(source)?.[1]
      return category === undefined ? [] : [[category, headOf(source)]]
    }),
)

/** @typedef {import('./events-page.mjs').Schema} Schema */

/** @type {(schema: Schema, type: string) => Schema} */
const described = (schema, type) => {
  const about = declared.get(type)
  const properties = Object.entries(schema['properties'] ?? {}).map(([name, field]) => {
    const description = [about?.fields[name], field.description].filter(Boolean).join(' ')
    return [name, description === '' ? field : { ...field, description }]
  })
  const { $schema, title, ...rest } = schema
  return {
    $schema,
    title,
    ...(about?.says !== undefined && { description: about.says }),
    ...rest,
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
  }
}

const file = (/** @type {string} */ stream, /** @type {string} */ event) =>
  `${SCHEMAS}/events/${stream}/${event}.json`
const json = (/** @type {unknown} */ value) => JSON.stringify(value)

/** @type {Record<string, string>} */
const files = {}
for (const [stream, events] of Object.entries(eventSchemas))
  for (const [type, schema] of Object.entries(events))
    files[file(stream, type)] = json(described(schema, type))
for (const [type, schema] of Object.entries(commandSchemas))
  files[`${SCHEMAS}/commands/${type}.json`] = json(described(schema, type))
const unasked = filesUnder(SCHEMAS).filter((path) => !Object.hasOwn(files, path))

files['docs/events.md'] = page(
  Object.entries(eventSchemas).map(([name, events]) => ({
    name,
    says: folderOf.get(name),
    events,
  })),
  declared,
  (stream, event) => `../${file(stream, event)}`,
)

const check = process.argv.includes('--check')
await keepFiles(files, { check, how: 'npm run docs:events' })
for (const path of unasked) {
  console.error(`${path}: there is no such event or command`)
  process.exitCode = 1
}
