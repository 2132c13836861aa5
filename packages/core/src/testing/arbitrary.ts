/** Values that a codec accepts, found by looking at how it is built. */
import { toSeal, type SealedData } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import type * as t from 'io-ts'
import { Days } from '../account/commands.js'
import { isKind } from '../codec-kind.js'
import { TimeOfDay } from '../hours/working-hours.js'
import { Capacity } from '../user/commands-presence.js'
import { PropertyName, PropertyValue } from '../conversation/property.js'
import { SealingType, StructType } from '../request.js'
import { WebAddress } from '../rich-text/inserts.js'
import { conversationFilters } from './filters.js'
import { anyText } from './text.js'
import { ConversationFilterCodec } from '../filter/codec.js'
import { StoredFilter } from '../filter/types.js'
import { Actor, CalendarDay, Count, Id, IsoTime, Owner, Zone } from '../vocabulary.js'

// Few ids, so that events and commands meet on the same things.
export const ids = fc.constantFrom('1', '2', '3')

const minutes = (n: number) => new Date(Date.UTC(2026, 10, 23, 9) + n * 60_000).toISOString()
/** Within ten hours, so that half-hours and orders matter. */
export const times = fc.integer({ min: 0, max: 600 }).map(minutes)

const texts = fc.oneof(
  anyText({ maxLength: 20 }),
  fc.constantFrom('', 'Hello', '\u0000', '\ud800', '> quoted\nown'),
)

export const actors = fc.constantFrom<Actor>(
  'system',
  'contact',
  'user:ada',
  'user:bo',
  'bot:1',
  'integration:crm',
)
const owners = fc.constantFrom<Owner>('user:ada', 'user:bo', 'team:support')

/** A value as a store holds it, under a key that is in no vault. */
const sealedValue: fc.Arbitrary<SealedData> = fc.record({
  k: ids,
  n: fc.constant('bm9uY2U='),
  c: fc.base64String({ maxLength: 8 }),
})

const byCodec = new Map<unknown, fc.Arbitrary<unknown>>([
  [Id, ids],
  [IsoTime, times],
  [CalendarDay, fc.constantFrom('2024-04-01', '2024-04-02', '2024-02-29')],
  [WebAddress, fc.constantFrom('https://example.com/a?b=c', 'http://example.com')],
  [Zone, fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Auckland')],
  [TimeOfDay, fc.constantFrom('00:00', '09:00', '12:30', '17:00', '24:00')],
  [Capacity, fc.integer({ min: 0, max: 3 })],
  [Days, fc.integer({ min: 1, max: 400 })],
  [Actor, actors],
  [Owner, owners],
  [StoredFilter, conversationFilters],
  [ConversationFilterCodec, conversationFilters],
  [Count, fc.nat({ max: 5 })],
  [PropertyName, fc.constantFrom('plan', 'tier')],
  [PropertyValue, fc.oneof(fc.constantFrom('gold', '', null), fc.boolean(), fc.integer())],
])

/** Text that is no id, though its codec says no more than that it is text. */
const byField = new Map<string, fc.Arbitrary<unknown>>([
  ['until', times],
  ['from', times],
  ['text', texts],
  ['html', texts],
  ['name', texts],
  ['chatflowName', texts],
])

/** Where requests seal: in a box as a builder makes it, or plain as JSON brings it. */
type Private = 'boxed' | 'plain'

const fieldsOf = (
  how: Private,
  required: t.Props,
  optional: t.Props = {},
): fc.Arbitrary<Record<string, unknown>> => {
  const field = ([name, codec]: [string, t.Mixed]) => [
    name,
    isKind(codec, 'StringType') ? (byField.get(name) ?? ids) : anyOf(codec, how),
  ]
  return fc.record(
    Object.fromEntries(Object.entries({ ...required, ...optional }).map(field)) as Record<
      string,
      fc.Arbitrary<unknown>
    >,
    { requiredKeys: Object.keys(required), noNullPrototype: true },
  )
}

const anyOf = (codec: t.Mixed, how: Private): fc.Arbitrary<unknown> => {
  const known = byCodec.get(codec)
  if (known !== undefined) return known
  if (codec instanceof SealingType) {
    const content = anyOf(codec.content as t.Mixed, how)
    return how === 'plain' ? content : content.map((value) => toSeal(value))
  }
  if (codec instanceof StructType) return fieldsOf(how, codec.required, codec.optional)
  if (isKind(codec, 'InterfaceType')) return fieldsOf(how, codec.props as t.Props)
  if (isKind(codec, 'PartialType')) return fieldsOf(how, {}, codec.props as t.Props)
  if (isKind(codec, 'IntersectionType'))
    return fc
      .tuple(...(codec.types as t.Mixed[]).map((part) => anyOf(part, how)))
      .map((parts) => parts.reduce<object>((all, part) => ({ ...all, ...(part as object) }), {}))
  if (isKind(codec, 'UnionType'))
    return fc.oneof(...(codec.types as t.Mixed[]).map((part) => anyOf(part, how)))
  if (isKind(codec, 'KeyofType')) return fc.constantFrom(...Object.keys(codec.keys as object))
  if (isKind(codec, 'LiteralType')) return fc.constant(codec.value)
  if (isKind(codec, 'ReadonlyArrayType'))
    return fc.array(anyOf(codec.type as t.Mixed, how), { maxLength: 3 })
  if (isKind(codec, 'StringType')) return ids
  if (isKind(codec, 'NumberType')) return fc.nat({ max: 1_000_000 })
  if (isKind(codec, 'BooleanType')) return fc.boolean()
  if (codec.name === 'Sealed') return sealedValue
  throw new Error(`no values are known for the codec ${codec.name}`)
}

export const arbitraryOf = <A>(codec: t.Type<A>): fc.Arbitrary<A> =>
  anyOf(codec, 'boxed') as fc.Arbitrary<A>

/** As JSON brings it: plain where a request seals. */
export const plainArbitraryOf = (codec: t.Mixed): fc.Arbitrary<unknown> => anyOf(codec, 'plain')
