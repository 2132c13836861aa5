import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'

/** A folder of the test file's own, gone with it. */
export const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'threadbook-sqlite-'))
  afterAll(() => {
    rmSync(path, { recursive: true, force: true })
  })
  return path
}
