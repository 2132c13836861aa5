/** What docs/events.md says of the events of each stream. */

/**
 * @typedef {Readonly<Record<string, any>>} Schema
 * @typedef {{ readonly path: string, readonly sealed: boolean, readonly optional: boolean }} Field
 * @typedef {import('./declared.mjs').Declared} Declared
 */

/**
 * The fields of an event by their paths, as `attachments[].name`.
 *
 * @param {Schema} schema
 * @param {string} path
 * @param {boolean} optional
 * @returns {readonly Field[]}
 */
export const fieldsOf = (schema, path = '', optional = false) => {
  if (schema['$ref'] === '#/$defs/Sealed') return [{ path, sealed: true, optional }]
  if (schema['properties'] !== undefined)
    return Object.entries(schema['properties']).flatMap(([name, inner]) => {
      const may = optional || !(schema['required'] ?? []).includes(name)
      return fieldsOf(inner, path === '' ? name : `${path}.${name}`, may)
    })
  if (schema['items']?.properties !== undefined)
    return fieldsOf(schema['items'], `${path}[]`, optional)
  return path === '' ? [] : [{ path, sealed: false, optional }]
}

const rules = /\b[SKD]-\d+\b/g

/**
 * The numbers of the rules that comments on an event and on its fields name.
 *
 * @param {Declared | undefined} declared
 */
export const rulesNamed = (declared) => [
  ...new Set(
    [declared?.says ?? '', ...Object.values(declared?.fields ?? {})].join(' ').match(rules),
  ),
]

const code = (/** @type {Field} */ { path, sealed, optional }) =>
  `\`${path}${optional ? '?' : ''}\`${sealed ? ' (sealed)' : ''}`

/**
 * @param {readonly { name: string, says: string | undefined, events: Readonly<Record<string, Schema>> }[]} streams
 * @param {ReadonlyMap<string, Declared>} declared
 * @param {(stream: string, event: string) => string} schemaFile from the folder of the page
 */
export const page = (streams, declared, schemaFile) => {
  const lines = [
    '# Events',
    '',
    'Every event that is stored, by the kind of its stream. A field with `?` may be left out. What is sealed is stored as ciphertext, and is gone for good once its key is destroyed. Each event bears metadata beside its data: id, account, actor, command, correlation, causation, when it happened and when it was recorded. Events are kept for ever: fields may be added, never renamed or removed.',
    '',
    'Made from the codecs and the comments on them by `npm run docs:events`.',
  ]
  for (const { name, says, events } of streams) {
    lines.push('', `## ${name}`, '', `\`${name}-{account}.{id}\`${says ? `: ${says}` : ''}`)
    for (const [type, schema] of Object.entries(events)) {
      const about = declared.get(type)
      const fields = fieldsOf(schema)
      const named = rulesNamed(about).map((rule) => `[${rule}](rules.md#${rule.toLowerCase()})`)
      lines.push('', `### ${type}`, '')
      if (about?.says) lines.push(about.says, '')
      lines.push(`- Fields: ${fields.map(code).join(', ') || 'none'}`)
      for (const [field, said] of Object.entries(about?.fields ?? {}))
        lines.push(`  - \`${field}\`: ${said}`)
      if (named.length > 0) lines.push(`- Rules: ${named.join(', ')}`)
      lines.push(`- [Schema](${schemaFile(name, type)})`)
    }
  }
  return `${lines.join('\n')}\n`
}
