/**
 * `npm run build`: checks types and writes declarations (tsc), and makes each package as few modules
 * as its entry points allow (esbuild): a start is the loading of modules (docs/decisions/073).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * @typedef {{
 *   bin?: Record<string, string>
 *   exports: Record<string, string | Record<string, string>>
 *   dependencies?: Record<string, string>
 *   peerDependencies?: Record<string, string>
 * }} Manifest
 */

/**
 * Taken in, the few functions that are used: plain values and functions of values, of which a second
 * copy is as good as the first. The form of fp-ts and io-ts that has ES modules can be taken apart.
 * Codecs are told apart by their tags, not by their classes. Whatever has state stays a package of
 * its own.
 */
const takenIn = new Set(['fp-ts', 'io-ts', 'uuid'])
const alias = { 'fp-ts/lib': 'fp-ts/es6', 'io-ts': 'io-ts/es6/index.js' }

/** The sources of what the package's manifest names: its entry points and its program. */
const entriesOf = (/** @type {string} */ folder, /** @type {Manifest} */ { bin = {}, exports }) => {
  const sources = Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : (entry['@threadbook/source'] ?? []),
  )
  const programs = Object.values(bin).map((file) =>
    file.replace('dist/', 'src/').replace(/js$/, 'ts'),
  )
  return [...sources, ...programs].map((file) => join(folder, file))
}

/** Whatever entry points share is a file of its own, so that its state is there once. */
const bundle = async (/** @type {string} */ folder) => {
  const shared = join(folder, 'dist/shared')
  /** @type {Manifest} */
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  const { metafile } = await build({
    entryPoints: entriesOf(folder, manifest),
    outbase: join(folder, 'src'),
    outdir: join(folder, 'dist'),
    chunkNames: 'shared/[name]-[hash]',
    bundle: true,
    splitting: true,
    // Of `#names`, the package's own `imports` say what each is for whoever loads it.
    external: ['#*', ...packages.filter((name) => !takenIn.has(name))],
    alias,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
  })
  // What was there before goes last, so that programs that begin meanwhile find what they import.
  const written = new Set(Object.keys(metafile.outputs))
  for (const name of existsSync(shared) ? readdirSync(shared) : [])
    if (!written.has(`${shared}/${name}`)) rmSync(join(shared, name))
}

const packages = readdirSync('packages').map((name) => join('packages', name))
const tsc = 'node_modules/typescript/bin/tsc'
const { status } = spawnSync(process.execPath, [tsc, '-b', ...packages], { stdio: 'inherit' })
if (status !== 0) process.exitCode = 1
await Promise.all(packages.map(bundle))
