import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

/** Tests that start processes run what is built. Errors in types are shown here and left to `check`. */
export default function build() {
  const packages = readdirSync('packages').map((name) => `packages/${name}`)
  const tsc = 'node_modules/typescript/bin/tsc'
  spawnSync(process.execPath, [tsc, '-b', ...packages], { stdio: 'inherit' })
}
