/** JSON Schemas of what is stored and of what can be asked for. */
import type { EventType } from '@threadbook/sourcing'
import type * as t from 'io-ts'
import { kinds } from '../kinds.js'
import { jsonSchemaOf, type JsonSchema } from './json-schema.js'

export { jsonSchemaOf, type JsonSchema } from './json-schema.js'

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

/** Of an event's data, as the version written today has it. */
const ofEvent = ({ type, version, data }: EventType<string, unknown>): JsonSchema => ({
  $schema: DRAFT,
  title: `${type}, version ${String(version)}`,
  ...jsonSchemaOf(data),
})

/** By the name of the stream's category, then by the event's type. */
export const eventSchemas: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> =
  Object.fromEntries(
    Object.entries(kinds).map(([name, { category }]) => [
      name,
      Object.fromEntries(
        [...category.events.byName].map(([type, event]) => [type, ofEvent(event)]),
      ),
    ]),
  )

const requests: readonly t.Mixed[] = Object.values(kinds).flatMap(
  (kind): readonly t.Mixed[] => kind.requests,
)

/** By the command's type: what `decodeCommand` takes, private text in the plain. */
export const commandSchemas: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  requests.map((codec) => [
    codec.name,
    { $schema: DRAFT, title: codec.name, ...jsonSchemaOf(codec) },
  ]),
)
