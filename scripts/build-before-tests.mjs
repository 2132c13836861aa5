import { spawnSync } from 'node:child_process'

/** Tests that start processes run what is built. Errors in types are shown here and left to `check`. */
export default function build() {
  const tsc = 'node_modules/typescript/bin/tsc'
  spawnSync(process.execPath, [tsc, '-b', 'packages/cli'], { stdio: 'inherit' })
}
