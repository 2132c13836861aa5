/** What comments say of events and commands where they are declared. */
import ts from 'typescript'

/**
 * @typedef {object} Declared
 * @property {string | undefined} says
 * @property {Readonly<Record<string, string>>} fields what comments say of fields, by their names
 */

/** A comment as one line. */
const commentOn = (/** @type {ts.Node} */ node) => {
  const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc)?.comment
  return ts.getTextOfJSDocComment(comment)?.replace(/\s+/g, ' ').trim()
}

/**
 * The events and commands that a file declares, by their types.
 *
 * @param {string} source
 * @returns {ReadonlyMap<string, Declared>}
 */
export const declaredIn = (source) => {
  const file = ts.createSourceFile('declared.ts', source, ts.ScriptTarget.Latest, true)
  /** @type {Map<string, ts.Expression>} */
  const constants = new Map()
  /** @type {Map<string, Declared>} */
  const found = new Map()

  /** @type {(fields: ts.Expression | undefined) => Record<string, string>} */
  const saidOf = (fields) => {
    if (fields === undefined) return {}
    if (ts.isIdentifier(fields)) return saidOf(constants.get(fields.text))
    if (!ts.isObjectLiteralExpression(fields)) return {}
    return fields.properties.reduce((/** @type {Record<string, string>} */ said, property) => {
      if (ts.isSpreadAssignment(property)) return { ...said, ...saidOf(property.expression) }
      const comment = commentOn(property)
      const name = property.name?.getText()
      return name === undefined || comment === undefined ? said : { ...said, [name]: comment }
    }, {})
  }

  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer === undefined) continue
      constants.set(name.getText(), initializer)
      if (!ts.isCallExpression(initializer)) continue
      const [type, ...fields] = initializer.arguments
      const maker = initializer.expression.getText()
      if ((maker !== 'event' && maker !== 'request') || !type || !ts.isStringLiteral(type)) continue
      found.set(type.text, {
        says: commentOn(statement),
        fields: Object.assign({}, ...fields.map(saidOf)),
      })
    }
  }
  return found
}

/**
 * What the comment at the very top of a file says, as one line.
 *
 * @param {string} source
 */
export const headOf = (source) =>
  /^\/\*\*(.*?)\*\//s
    .exec(source)?.[1]
    ?.replace(/^\s*\* ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim()
