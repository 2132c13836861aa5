/** Message-IDs as they are written in practice: folded, in comments, without brackets, next to addresses. */

/** More references than this say nothing new; a hostile mail may name a million. */
const MOST = 100

const withoutComments = (text: string): string => {
  if (!text.includes('(')) return text
  let kept = ''
  let depth = 0
  let inBrackets = false
  for (const char of text) {
    if (depth === 0 && char === '<') inBrackets = true
    else if (char === '>') inBrackets = false
    if (char === '(' && !inBrackets) depth++
    if (depth === 0) kept += char
    if (char === ')' && depth > 0) depth--
  }
  return kept
}

/** Without the whitespace that folding left inside. */
const compact = (id: string): string => id.replace(/\s+/g, '')

/**
 * All ids of a field's value, in the order written. Text such as `message from Bo <bo@example.com>
 * of Monday` names an address: taken for an id it would join all that answers the same person.
 */
export const parseMessageIds = (value: string): readonly string[] => {
  const text = withoutComments(value)
  const ids: string[] = []
  let last = 0
  for (const match of text.matchAll(/<([^<>]*)(>?)/g)) {
    const before = text.slice(last, match.index)
    last = match.index + match[0].length
    if (/\bfrom\b/i.test(before)) continue
    const [, inside = '', closed] = match
    // Without its end, an id ends at the first space.
    const id = closed ? compact(inside) : (inside.trim().split(/\s/, 1)[0] ?? '')
    if (id !== '') ids.push(id)
  }
  if (last > 0) return ids
  return text
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^["'>]+|["'>]+$/g, ''))
    .filter((word) => /^[^@]+@[^@]+$/.test(word))
}

/** The newest of the ids in `values`, none of `except`, none twice; newest first. */
export const newestFirst = (
  values: readonly string[],
  except: ReadonlySet<string>,
): readonly string[] => {
  const ids = new Set<string>()
  for (const value of [...values].reverse()) {
    for (const id of [...parseMessageIds(value)].reverse()) {
      if (ids.size === MOST) return [...ids]
      if (!except.has(id)) ids.add(id)
    }
  }
  return [...ids]
}
