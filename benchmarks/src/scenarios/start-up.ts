/** From nothing to a program that has answered and ended. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { timed, type Scenario, type Subject } from '../scenario.js'

const STARTS = 5

const start = (program: string, file: string) => {
  const path = fileURLToPath(new URL(`../programs/${program}.js`, import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [path, file])
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${String(stderr)}`)
}

/** `again`: the file was made by a start before. */
const starting = (name: string, program: string, settings: string, again: boolean): Subject => ({
  name,
  settings: `${settings}, ${again ? 'its file is there' : 'its file is made'}`,
  run: async ({ folder }) => {
    const file = (i: number) => join(folder, again ? 'same.db' : `${i}.db`)
    start(program, file(-1))
    const { operations, ms } = await timed(STARTS, () => {
      for (let i = 0; i < STARTS; i++) start(program, file(i))
    })
    return { operations, ms }
  },
})

export const startUp: Scenario = {
  name: 'start-up of the smallest program, SQLite',
  operation: 'start',
  measure: 'ms',
  sizes: [1],
  quick: 1,
  floor: starting('Node with better-sqlite3', 'bare', 'opens a file, writes and reads a row', true),
  subjects: [
    starting('Threadbook', 'smallest', 'opens an inbox, lists a view, closes', true),
    starting('Threadbook, new file', 'smallest', 'opens an inbox, lists a view, closes', false),
  ],
}
