/** Names on their way into SQL. */

/** Any text, as SQL names it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Any text, as SQL writes it. */
export const literalText = (text: string): string => {
  const body = text.replaceAll('\\', '\\\\').replaceAll("'", "''")
  return text.includes('\\') ? `E'${body}'` : `'${body}'`
}

// What is longer, PostgreSQL cuts off.
export const MOST_BYTES = 63

/** A name that a projection brings along; throws for what none can have: a bug in the projection. */
export const identifier = (name: string): string => {
  if (name === '' || name.includes('\0') || name.startsWith('_'))
    throw new Error(`${name}: expected a name that does not begin with _ (ours do)`)
  if (Buffer.byteLength(name) > MOST_BYTES)
    throw new Error(`${name}: expected a name of at most ${String(MOST_BYTES)} bytes`)
  return quoted(name)
}

/** As much of a text as a name can hold. */
export const cutToName = (text: string): string => {
  let cut = text
  while (Buffer.byteLength(cut) > MOST_BYTES) cut = Array.from(cut).slice(0, -1).join('')
  return cut
}
