import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const WANTED_BYTES = 2 * 1024 ** 3

/** No test takes the power away: what they write need not reach a disk, where memory is a folder. */
const hasRoomInMemory = () => {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize >= WANTED_BYTES
  } catch {
    return false
  }
}

/** Tests that start processes run what is built. Errors in types are shown here and left to `check`. */
export default function build() {
  spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
  if (process.env['TMPDIR'] === undefined && hasRoomInMemory()) process.env['TMPDIR'] = MEMORY
  // Where test files find the servers that they share; those end when it is gone.
  const room = mkdtempSync(join(tmpdir(), 'threadbook-servers-'))
  writeFileSync(join(room, 'pid'), String(process.pid))
  process.env['THREADBOOK_TEST_SERVERS'] = room
  process.on('exit', () => rmSync(room, { recursive: true, force: true }))
}
