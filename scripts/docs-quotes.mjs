/**
 * Keeps code in Markdown equal to code that is compiled and tested. A fence under
 * `<!-- quote: path/to/file.ts#region -->` must hold what stands in that file (named from the
 * repository's root) between `// #region name` and `// #endregion name`.
 * Without arguments it reports differences; with `--write` it rewrites the fences.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const quotedFence =
  /(^<!-- quote: (?<file>[^\s#]+)#(?<name>\S+) -->\n+(?<fence>`{3,})[^\n`]*\n)(?<quoted>[\s\S]*?)(?=^\k<fence>$)/gm
const announcement = /^<!-- *quote:/gm
const marker = /^\s*\/\/ #(?:end)?region\b/

/**
 * The lines of a region, moved to the left margin, without the markers of regions inside it.
 *
 * @param {string} source
 * @param {string} name
 * @returns {string | undefined} undefined where the region is absent, open or empty
 */
export const region = (source, name) => {
  const lines = source.split('\n')
  const at = (/** @type {string} */ text) => lines.findIndex((line) => line.trim() === text)
  const start = at(`// #region ${name}`)
  const end = at(`// #endregion ${name}`)
  if (start < 0 || end < start) return undefined
  const inside = lines.slice(start + 1, end).filter((line) => !marker.test(line))
  const margins = inside.filter((line) => line.trim() !== '').map((line) => line.search(/\S/))
  if (margins.length === 0) return undefined
  const margin = Math.min(...margins)
  return inside
    .map((line) => line.slice(margin))
    .join('\n')
    .trim()
}

/**
 * The page with every quotation taken anew, and what was wrong with it.
 *
 * @param {string} markdown
 * @param {(file: string) => string | undefined} read
 */
export const requote = (markdown, read) => {
  /** @type {string[]} */
  const stale = []
  /** @type {string[]} */
  const broken = []
  let found = 0
  const text = markdown.replace(quotedFence, (whole, head, file, name, _fence, quoted) => {
    found += 1
    const source = read(file)
    const wanted = source === undefined ? undefined : region(source, name)
    if (wanted === undefined) {
      broken.push(source === undefined ? `${file} does not exist` : `${file} has no region ${name}`)
      return whole
    }
    if (quoted === `${wanted}\n`) return whole
    stale.push(`${file}#${name}`)
    return `${head}${wanted}\n`
  })
  const announced = markdown.match(announcement)?.length ?? 0
  if (announced !== found) broken.push(`${announced - found} quote comment(s) without a code fence`)
  return { text, stale, broken }
}

const skipped = new Set(['node_modules', 'dist', 'coverage', '.git'])

/** @returns {string[]} */
const markdownUnder = (/** @type {string} */ folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : markdownUnder(path)
    return entry.name.endsWith('.md') ? [path] : []
  })

const readIfThere = (/** @type {string} */ file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const main = (/** @type {boolean} */ write) => {
  for (const page of markdownUnder('.')) {
    const before = readFileSync(page, 'utf8')
    const { text, stale, broken } = requote(before, readIfThere)
    if (write && text !== before) writeFileSync(page, text)
    const problems = write ? broken : [...broken, ...stale.map((quote) => `${quote} has changed`)]
    for (const problem of problems) console.error(`${page}: ${problem}`)
    if (problems.length > 0) process.exitCode = 1
  }
}

const script = process.argv[1]
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  main(process.argv.includes('--write'))
}
