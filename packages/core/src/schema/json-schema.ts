/** JSON Schema (draft 2020-12) of a codec, found by looking at how it is built. */
import type * as t from 'io-ts'
import { Days } from '../account/commands.js'
import { isKind } from '../codec-kind.js'
import { PropertyName, PropertyValue } from '../conversation/property.js'
import { ConversationFilterCodec } from '../filter/codec.js'
import { TimeOfDay } from '../hours/working-hours.js'
import { SealingType, StructType } from '../request.js'
import { Capacity } from '../user/commands-presence.js'
import { Actor, CalendarDay, Count, Id, IsoTime, Owner, Zone } from '../vocabulary.js'

export type JsonSchema = Readonly<Record<string, unknown>>

/** What codecs check by a function is said as closely as JSON Schema can, and in words. */
const byCodec = new Map<unknown, JsonSchema>([
  [Id, { type: 'string', minLength: 1, maxLength: 200 }],
  [IsoTime, { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }],
  [CalendarDay, { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' }],
  [Zone, { type: 'string' }],
  [Count, { type: 'integer', minimum: 0 }],
  [PropertyName, { type: 'string', pattern: '^[A-Za-z][\\w.-]{0,63}$' }],
  [PropertyValue, { type: ['string', 'number', 'boolean', 'null'], maxLength: 500 }],
  [TimeOfDay, { type: 'string', pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' }],
  [Capacity, { type: 'integer', minimum: 0, maximum: 10_000 }],
  [Days, { type: 'integer', minimum: 1, maximum: 36_500 }],
  [
    Actor,
    {
      description: 'system, contact, user:…, bot:… or integration:…',
      type: 'string',
      pattern: '^(system$|contact$|(user|bot|integration):[\\s\\S])',
    },
  ],
  [ConversationFilterCodec, { type: 'object' }],
  [Owner, { type: 'string', pattern: '^(user|team):[\\s\\S]' }],
])

const SEALED: JsonSchema = {
  description: 'A sealed value: key id, nonce, ciphertext with its tag (both base64).',
  type: 'object',
  properties: { k: { type: 'string' }, n: { type: 'string' }, c: { type: 'string' } },
  required: ['k', 'n', 'c'],
}

const isSealed = (codec: t.Mixed): boolean => codec.name === 'Sealed'

/** What is referred to by name in the schema being made. */
type Definitions = Map<string, JsonSchema>

const objectOf = (
  required: t.Props,
  optional: t.Props,
  defs: Definitions,
  closed: boolean,
): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries({ ...required, ...optional }).map(([name, codec]) => [name, of(codec, defs)]),
  ),
  ...(Object.keys(required).length > 0 && { required: Object.keys(required) }),
  ...(closed && { additionalProperties: false }),
})

/** What is filled in where it is missing need not be there. */
const structOf = (codec: StructType<unknown>, defs: Definitions): JsonSchema => {
  const filled = codec.filled.map((name): [string, t.Mixed] => [name, codec.required[name]!])
  const required = Object.entries(codec.required).filter(([name]) => !codec.filled.includes(name))
  return objectOf(
    Object.fromEntries(required),
    { ...Object.fromEntries(filled), ...codec.optional },
    defs,
    true,
  )
}

type ObjectSchema = JsonSchema & {
  readonly properties: Record<string, unknown>
  readonly required?: readonly string[]
}
const isOpenObject = (schema: JsonSchema): schema is ObjectSchema =>
  schema['properties'] !== undefined && schema['additionalProperties'] === undefined

/** Fields that must be there and fields that may be are one object. */
const allOf = (schemas: readonly JsonSchema[]): JsonSchema => {
  if (!schemas.every(isOpenObject)) return { allOf: schemas }
  const required = schemas.flatMap((schema) => schema.required ?? [])
  return {
    type: 'object',
    properties: Object.assign({}, ...schemas.map(({ properties }) => properties)) as JsonSchema,
    ...(required.length > 0 && { required }),
  }
}

const anyOf = (codecs: readonly t.Mixed[], defs: Definitions): JsonSchema =>
  codecs.every((codec) => isKind(codec, 'LiteralType'))
    ? { enum: codecs.map((codec) => (codec as t.LiteralType<string>).value) }
    : { anyOf: codecs.map((codec) => of(codec, defs)) }

const recursive = (codec: t.RecursiveType<t.Mixed>, defs: Definitions): JsonSchema => {
  if (!defs.has(codec.name)) {
    defs.set(codec.name, {})
    defs.set(codec.name, of(codec.type, defs))
  }
  return { $ref: `#/$defs/${codec.name}` }
}

const of = (codec: t.Mixed, defs: Definitions): JsonSchema => {
  const known = byCodec.get(codec)
  if (known !== undefined) return { description: codec.name, ...known }
  if (isSealed(codec)) {
    defs.set('Sealed', SEALED)
    return { $ref: '#/$defs/Sealed' }
  }
  if (codec instanceof SealingType) return of(codec.content as t.Mixed, defs)
  if (codec instanceof StructType) return structOf(codec, defs)
  if (isKind(codec, 'InterfaceType')) return objectOf(codec.props as t.Props, {}, defs, false)
  if (isKind(codec, 'PartialType')) return objectOf({}, codec.props as t.Props, defs, false)
  if (isKind(codec, 'IntersectionType'))
    return allOf((codec.types as t.Mixed[]).map((part) => of(part, defs)))
  if (isKind(codec, 'UnionType')) return anyOf(codec.types as t.Mixed[], defs)
  if (isKind(codec, 'RecursiveType')) return recursive(codec as t.RecursiveType<t.Mixed>, defs)
  if (isKind(codec, 'KeyofType')) return { enum: Object.keys(codec.keys as object) }
  if (isKind(codec, 'LiteralType')) return { const: codec.value as unknown }
  if (isKind(codec, 'ArrayType') || isKind(codec, 'ReadonlyArrayType'))
    return { type: 'array', items: of(codec.type as t.Mixed, defs) }
  if (isKind(codec, 'DictionaryType'))
    return {
      type: 'object',
      propertyNames: of(codec.domain as t.Mixed, defs),
      additionalProperties: of(codec.codomain as t.Mixed, defs),
    }
  if (isKind(codec, 'ExactType') || isKind(codec, 'ReadonlyType'))
    return of(codec.type as t.Mixed, defs)
  if (isKind(codec, 'RefinementType'))
    return { ...of(codec.type as t.Mixed, defs), description: codec.name }
  if (isKind(codec, 'StringType')) return { type: 'string' }
  if (isKind(codec, 'NumberType')) return { type: 'number' }
  if (isKind(codec, 'BooleanType')) return { type: 'boolean' }
  if (isKind(codec, 'NullType')) return { type: 'null' }
  return { description: codec.name }
}

/**
 * What a value must look like that the codec takes from outside (plain where a request seals) or,
 * for event data, what a store holds. Never narrower than the codec; what a codec checks by a
 * function of its own is only described, by the codec's name.
 */
export const jsonSchemaOf = (codec: t.Mixed): JsonSchema => {
  const defs: Definitions = new Map()
  const schema = of(codec, defs)
  return defs.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(defs) }
}
