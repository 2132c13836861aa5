/** Files that scripts make: written anew, or only compared. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as prettier from 'prettier'

/**
 * @param {Readonly<Record<string, string>>} files their texts by their paths from the repository's root
 * @param {{ check: boolean, how: string }} options with `check` nothing is written: a file that
 *   differs is reported, together with how to write it, and fails the process
 */
export const keepFiles = async (files, { check, how }) => {
  for (const [path, text] of Object.entries(files)) {
    const config = await prettier.resolveConfig(path)
    const wanted = await prettier.format(text, { ...config, filepath: path })
    if (existsSync(path) && readFileSync(path, 'utf8') === wanted) continue
    if (check) {
      console.error(`${path} is stale: ${how}`)
      process.exitCode = 1
    } else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, wanted)
    }
  }
}
