/** The tests of a file, and the rules that each says it shows: read from its text, not by running it. */
import ts from 'typescript'

/**
 * @typedef {object} FoundTest
 * @property {readonly string[]} rules the numbers that its title, or one around it, starts with
 * @property {string} title with the titles around it
 */

const numbers = /^(?:[SKD]-\d+[\s,]+)*[SKD]-\d+(?![\w-])/

/**
 * The numbers that a title starts with.
 *
 * @param {string} title
 * @returns {readonly string[]}
 */
export const rulesOf = (title) => numbers.exec(title)?.[0].split(/[\s,]+/) ?? []

/** `it` of `it('…')`, `it.each(table)('…')`; nothing that is skipped or still to be written. */
const kindOf = (/** @type {ts.Expression} */ callee) => {
  if (ts.isIdentifier(callee)) return { kind: callee.text, table: undefined }
  if (!ts.isCallExpression(callee) || !ts.isPropertyAccessExpression(callee.expression))
    return undefined
  const { expression, name } = callee.expression
  return ts.isIdentifier(expression) && name.text === 'each'
    ? { kind: expression.text, table: callee.arguments[0] }
    : undefined
}

const isSkipped = (/** @type {ts.Expression} */ callee) =>
  ts.isPropertyAccessExpression(callee) && ['skip', 'todo'].includes(callee.name.text)

/**
 * The first text of each row of a table that is written where it is used.
 *
 * @type {(table: ts.Expression | undefined) => readonly string[]}
 */
const firstTexts = (table) => {
  if (table !== undefined && ts.isAsExpression(table)) return firstTexts(table.expression)
  if (table === undefined || !ts.isArrayLiteralExpression(table)) return []
  return table.elements.flatMap((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row
    return first !== undefined && ts.isStringLiteralLike(first) ? [first.text] : []
  })
}

/** A title, or one for each row where it starts with what the row starts with. */
const titlesOf = (/** @type {string} */ title, /** @type {ts.Expression | undefined} */ table) => {
  const rows = title.startsWith('%s') ? firstTexts(table) : []
  return rows.length === 0 ? [title] : rows.map((text) => text + title.slice(2))
}

/**
 * @param {string} source
 * @returns {readonly FoundTest[]}
 */
export const testsIn = (source) => {
  /** @type {FoundTest[]} */
  const found = []

  /** @type {(node: ts.Node, around: readonly string[]) => void} */
  const visit = (node, around) => {
    if (ts.isCallExpression(node) && isSkipped(node.expression)) return
    const called = ts.isCallExpression(node) ? kindOf(node.expression) : undefined
    const title = ts.isCallExpression(node) ? node.arguments[0] : undefined
    if (called === undefined || title === undefined || !ts.isStringLiteralLike(title))
      return ts.forEachChild(node, (child) => visit(child, around))
    const titles = titlesOf(title.text, called.table)
    if (called.kind === 'describe')
      return titles.forEach((text) =>
        ts.forEachChild(node, (child) => visit(child, [...around, text])),
      )
    if (called.kind !== 'it' && called.kind !== 'test')
      return ts.forEachChild(node, (child) => visit(child, around))
    for (const text of titles) {
      const whole = [...around, text]
      found.push({ rules: [...new Set(whole.flatMap(rulesOf))], title: whole.join(' › ') })
    }
  }

  visit(ts.createSourceFile('test.ts', source, ts.ScriptTarget.Latest), [])
  return found
}
