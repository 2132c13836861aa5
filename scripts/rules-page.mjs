/** What docs/rules.md says, and what it lacks. */

/**
 * @typedef {object} Rules
 * @property {Readonly<Record<string, string>>} host rules of a screen alone, and why
 * @property {readonly { title: string, rules: Readonly<Record<string, string>> }[]} sections
 *
 * @typedef {{ readonly file: string, readonly title: string }} Shown
 */

/** @param {Rules} rules */
const all = ({ sections }) => sections.flatMap(({ rules }) => Object.keys(rules))

/**
 * The rules that no test shows, and the numbers that tests name but no rule has.
 *
 * @param {Rules} rules
 * @param {ReadonlyMap<string, readonly Shown[]>} shown
 */
export const gaps = (rules, shown) => ({
  missing: all(rules).filter((rule) => !shown.has(rule) && !Object.hasOwn(rules.host, rule)),
  unknown: [...shown.keys()].filter((rule) => !all(rules).includes(rule)),
})

/** Titles are text: nothing in them is markup. */
const plain = (/** @type {string} */ text) => text.replace(/[\\`*_[\]<>|#~]/g, '\\$&')

/**
 * @param {Rules} rules
 * @param {ReadonlyMap<string, readonly Shown[]>} shown
 */
export const page = (rules, shown) => {
  const lines = [
    '# Rules and their tests',
    '',
    'Every rule of the domain, and the tests that show it. Made from the titles of the tests by `npm run docs:rules`; `npm run check` fails where a rule has no test.',
  ]
  for (const { title, rules: texts } of rules.sections) {
    lines.push('', `## ${title}`)
    for (const [rule, text] of Object.entries(texts)) {
      lines.push('', `### ${rule}`, '', text, '')
      if (rules.host[rule] !== undefined) lines.push(`_The host's:_ ${rules.host[rule]}`, '')
      const tests = shown.get(rule) ?? []
      for (const file of new Set(tests.map((test) => test.file))) {
        const titles = tests.filter((test) => test.file === file).map((test) => plain(test.title))
        lines.push(`- [${file}](../${file})`, ...[...new Set(titles)].map((one) => `  - ${one}`))
      }
    }
  }
  return `${lines.join('\n')}\n`
}
