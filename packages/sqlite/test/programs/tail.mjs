/** Follows the log from its beginning; writes the position of each event, up to `count` of them. */
import { sqliteLog } from '@threadbook/sqlite'

const [path = '', counted = ''] = process.argv.slice(2)
const { store, close } = await sqliteLog(path)
// A waiting reader keeps no process alive by itself.
const alive = setInterval(() => undefined, 1_000)
let left = Number(counted)
for await (const message of store.subscribe()) {
  if (message.type === 'caughtUp') continue
  if (message.type === 'failed') throw new Error(JSON.stringify(message.fault))
  for (const { stream, revision, position } of message.events)
    console.log(`${position} ${stream} ${String(revision)}`)
  left -= message.events.length
  if (left <= 0) break
}
clearInterval(alive)
await close()
