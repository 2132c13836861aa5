/** Names that a projection's table brings along, on their way into SQL. */

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]{0,62}$/

/** Throws for what is no plain name: a bug in the projection. Our own columns begin with `_`. */
export const identifier = (name: string): string => {
  if (!IDENTIFIER.test(name))
    throw new Error(`${name}: expected a letter, then at most 62 letters, digits and _`)
  return quoted(name)
}

/** For names of ours. */
export const quoted = (name: string): string => `"${name}"`

/** Throws where SQLite, which tells no case apart, would take two for one. */
export const identifiers = (names: readonly string[]): readonly string[] => {
  const seen = new Set<string>()
  return names.map((name) => {
    const lower = name.toLowerCase()
    if (seen.has(lower)) throw new Error(`${name}: this name is taken, in other letters`)
    seen.add(lower)
    return identifier(name)
  })
}
