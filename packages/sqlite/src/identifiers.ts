/** Names that a projection's table brings along, on their way into SQL. */

/** Any text, as SQL names it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A column's name; throws for what none can have: a bug in the projection. */
export const identifier = (name: string): string => {
  if (name === '' || name.includes('\0') || name.startsWith('_'))
    throw new Error(`${name}: expected a name that does not begin with _ (ours do)`)
  return quoted(name)
}

/** Throws where SQLite, which tells no case apart in ASCII, would take two for one. */
export const identifiers = (names: readonly string[]): readonly string[] => {
  const seen = new Set<string>()
  return names.map((name) => {
    const lower = name.toLowerCase()
    if (seen.has(lower)) throw new Error(`${name}: this name is taken, in other letters`)
    seen.add(lower)
    return identifier(name)
  })
}
