/** A copy of everything beside one path, while any number of processes go on working with it. */
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import Driver from 'better-sqlite3'
import { beside, MEMORY } from './beside.js'
import { BLOCKING_MS, patiently } from './patience.js'

export interface BackupFolders {
  /** For log, read models and blobs. They forget by themselves: any number may be kept, long. */
  readonly log: string
  /** For keys, best elsewhere. The copy before is replaced: it may hold keys destroyed since. */
  readonly keys: string
}

const PATIENCE_MS = 60_000

/** Holds on to one moment of the file, so that writers neither change nor restart the copy. */
const atOneMoment = async (file: string): Promise<Driver.Database> => {
  const source = new Driver(file, { timeout: BLOCKING_MS, fileMustExist: true })
  try {
    source.exec('BEGIN')
    await patiently(() => source.prepare('SELECT 1 FROM sqlite_master').get(), PATIENCE_MS)
    return source
  } catch (error) {
    source.close()
    throw error
  }
}

/** The copy appears under its name when it is whole, in place of an older one. */
const copy = async (file: string, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const target = join(folder, basename(file))
  const part = `${target}.part`
  await rm(part, { force: true })
  const source = await atOneMoment(file)
  try {
    await source.backup(part)
  } finally {
    source.close()
  }
  // Left by whoever opened the older copy, and wrong beside the new one.
  for (const left of ['-wal', '-shm']) await rm(target + left, { force: true })
  await rename(part, target)
}

/**
 * Keys last: by then each key and blob that the copied log names has been stored, and none is in the
 * copy that was destroyed or removed before the backup began.
 */
export const backup = async (path: string, to: BackupFolders): Promise<void> => {
  if (path === MEMORY) throw new Error('expected a path: what is in memory only cannot be copied')
  const copies: readonly (readonly [file: string, folder: string])[] = [
    [path, to.log],
    [beside(path, 'blobs'), to.log],
    [beside(path, 'keys'), to.keys],
  ]
  for (const [file, folder] of copies)
    try {
      await copy(file, folder)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`cannot copy ${file} to ${folder}: ${reason}`, { cause: error })
    }
}
