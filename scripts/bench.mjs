/** `npm run bench`: installs the benchmarks' own packages where they are not those of the lock file. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const lock = readFileSync('benchmarks/package-lock.json', 'utf8')
const installed = 'benchmarks/node_modules/.installed-lock.json'

const run = (/** @type {string} */ command, /** @type {readonly string[]} */ args, cwd = '.') => {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  run('npm', ['ci', '--no-audit', '--no-fund'], 'benchmarks')
  writeFileSync(installed, lock)
}
run('node', ['scripts/build.mjs'])
run('npx', ['tsc', '-p', 'benchmarks'])
run('node', ['dist/main.js', ...process.argv.slice(2)], 'benchmarks')
