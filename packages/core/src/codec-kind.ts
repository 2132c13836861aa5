import type * as t from 'io-ts'

/* eslint-disable @typescript-eslint/no-explicit-any -- as io-ts has it for any of a kind */
interface Kinds {
  readonly ArrayType: t.ArrayType<any>
  readonly BooleanType: t.BooleanType
  readonly DictionaryType: t.DictionaryType<any, any>
  readonly ExactType: t.ExactType<any>
  readonly InterfaceType: t.InterfaceType<any>
  readonly IntersectionType: t.IntersectionType<any>
  readonly KeyofType: t.KeyofType<any>
  readonly LiteralType: t.LiteralType<any>
  readonly NullType: t.NullType
  readonly NumberType: t.NumberType
  readonly PartialType: t.PartialType<any>
  readonly ReadonlyArrayType: t.ReadonlyArrayType<any>
  readonly ReadonlyType: t.ReadonlyType<any>
  readonly RecursiveType: t.RecursiveType<any>
  readonly RefinementType: t.RefinementType<any>
  readonly StringType: t.StringType
  readonly UnionType: t.UnionType<any>
}
/* eslint-enable */

/**
 * Whether a codec is built so. Told by its tag, not by its class: each package, and each host, may
 * have io-ts in a copy of its own.
 */
export const isKind = <Kind extends keyof Kinds>(
  codec: t.Mixed,
  kind: Kind,
): codec is Kinds[Kind] => '_tag' in codec && codec._tag === kind
