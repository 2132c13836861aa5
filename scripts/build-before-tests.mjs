import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Tests that start processes run what is built. Errors in types are shown here and left to `check`. */
export default function build() {
  const packages = readdirSync('packages').map((name) => `packages/${name}`)
  const tsc = 'node_modules/typescript/bin/tsc'
  spawnSync(process.execPath, [tsc, '-b', ...packages], { stdio: 'inherit' })
  // Where test files find the servers that they share; those end when it is gone.
  const room = mkdtempSync(join(tmpdir(), 'threadbook-servers-'))
  writeFileSync(join(room, 'pid'), String(process.pid))
  process.env['THREADBOOK_TEST_SERVERS'] = room
  process.on('exit', () => rmSync(room, { recursive: true, force: true }))
}
