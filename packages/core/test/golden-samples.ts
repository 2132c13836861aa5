/** Examples of an event that between them show all that its codec allows. */
import { arbitraryOf } from '@threadbook/core/testing'
import * as fc from 'fast-check'
import * as t from 'io-ts'

/** What an example shows: which fields are there, which word of several, which shape of several. */
const shows = (codec: t.Mixed, value: unknown, path: string): readonly string[] => {
  if (codec instanceof t.IntersectionType)
    return (codec.types as t.Mixed[]).flatMap((part) => shows(part, value, path))
  if (codec instanceof t.InterfaceType || codec instanceof t.PartialType)
    return Object.entries(codec.props as t.Props).flatMap(([name, field]) => {
      const inner = (value as Record<string, unknown>)[name]
      const place = `${path}.${name}`
      return inner === undefined ? [`no ${place}`] : [place, ...shows(field, inner, place)]
    })
  if (codec instanceof t.KeyofType || codec instanceof t.LiteralType)
    return [`${path}=${String(value)}`]
  if (codec instanceof t.UnionType)
    return (codec.types as t.Mixed[]).flatMap((part, n) =>
      part.is(value) ? [`${path}|${String(n)}`, ...shows(part, value, path)] : [],
    )
  if (codec instanceof t.ReadonlyArrayType || codec instanceof t.ArrayType)
    return (value as readonly unknown[]).flatMap((item) =>
      shows(codec.type as t.Mixed, item, `${path}[]`),
    )
  return []
}

/**
 * Examples that, with those there are, show all that the codec allows: as few as do, the one that
 * shows the most first, and the same ones each time.
 */
export const samplesOf = (codec: t.Mixed, there: readonly unknown[]): readonly unknown[] => {
  const candidates = fc
    .sample(arbitraryOf(codec), { numRuns: 500, seed: 1 })
    .map((data) => ({ data: data as unknown, shows: shows(codec, data, '') }))
  const chosen: unknown[] = []
  const shown = new Set(there.flatMap((data) => shows(codec, data, '')))
  for (;;) {
    const news = (candidate: { shows: readonly string[] }) =>
      new Set(candidate.shows.filter((one) => !shown.has(one))).size
    const best = candidates.reduce((a, b) => (news(b) > news(a) ? b : a))
    if (there.length + chosen.length > 0 && news(best) === 0) return chosen
    chosen.push(best.data)
    for (const one of best.shows) shown.add(one)
  }
}
