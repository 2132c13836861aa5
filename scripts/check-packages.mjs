/**
 * Looks at each package as its users will get it: packs it, lints the tarball (publint, and attw
 * where there is an entry point to type), unpacks all of them side by side, and loads every entry
 * point in plain Node, by import and by require.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/**
 * @typedef {{ name: string, private?: boolean, bin?: object, exports?: Record<string, unknown> }} Manifest
 */

const run = promisify(execFile)

/** These run inside Jest only. */
const forTests = new Set(['./conformance', './testing'])

/** @returns {Manifest} */
const manifestOf = (/** @type {string} */ folder) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

const packages = readdirSync('packages')
  .map((name) => join('packages', name))
  .map((folder) => ({ folder, manifest: manifestOf(folder) }))
  .filter(({ manifest }) => manifest.private !== true)

const entryPoints = (/** @type {Manifest} */ manifest) =>
  Object.keys(manifest.exports ?? {}).filter((entry) => entry !== './package.json')

// Inside node_modules, so that dependencies are found and no other tool looks here.
mkdirSync('node_modules/.cache', { recursive: true })
const room = mkdtempSync('node_modules/.cache/packed-')
process.on('exit', () => rmSync(room, { recursive: true, force: true }))

/** @returns {Promise<string[]>} what is wrong with the package */
const inspect = async (/** @type {string} */ folder, /** @type {Manifest} */ manifest) => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', resolve(room)], {
    cwd: folder,
  })
  const packed = /** @type {[{ filename: string }]} */ (JSON.parse(stdout))
  const tarball = join(room, packed[0].filename)
  const home = join(room, 'node_modules', manifest.name)
  mkdirSync(home, { recursive: true })
  await run('tar', ['-xzf', tarball, '-C', home, '--strip-components=1'])

  const bytes = await readFile(tarball)
  const tarballData = Uint8Array.from(bytes).buffer
  const { messages, pkg } = await publint({ pack: { tarball: tarballData }, strict: true })
  const problems = messages
    .filter((message) => message.type !== 'suggestion')
    .map((message) => formatMessage(message, pkg) ?? message.code)
  const license = join(home, 'LICENSE')
  if (!existsSync(license) || readFileSync(license, 'utf8') !== readFileSync('LICENSE', 'utf8'))
    problems.push('does not bring the LICENSE of the repository')
  if (entryPoints(manifest).length === 0) return problems

  const attw = ['node_modules/.bin/attw', '--profile', 'esm-only', '--format', 'ascii', tarball]
  return run(process.execPath, attw).then(
    () => problems,
    (/** @type {{ stdout: string, stderr: string }} */ failure) => [
      ...problems,
      failure.stdout + failure.stderr,
    ],
  )
}

/** @returns {Promise<string[]>} */
const load = async (/** @type {string} */ entry) => {
  const ways = [
    ['--input-type=module', `await import(${JSON.stringify(entry)})`],
    ['--input-type=commonjs', `require(${JSON.stringify(entry)})`],
  ]
  const outcomes = ways.map(([kind = '', code = '']) =>
    run(process.execPath, [kind, '--eval', code], { cwd: room }).then(
      () => [],
      (/** @type {{ stderr: string }} */ failure) => [`${code}\n${failure.stderr}`],
    ),
  )
  return (await Promise.all(outcomes)).flat()
}

const complain = (/** @type {string} */ about, /** @type {string[]} */ problems) => {
  for (const problem of problems) console.error(`${about}: ${problem}`)
  if (problems.length > 0) process.exitCode = 1
}

await Promise.all(
  packages.map(async ({ folder, manifest }) =>
    complain(manifest.name, await inspect(folder, manifest)),
  ),
)
for (const { manifest } of packages) {
  for (const entry of entryPoints(manifest)) {
    if (!forTests.has(entry)) complain('plain Node', await load(join(manifest.name, entry)))
  }
}
