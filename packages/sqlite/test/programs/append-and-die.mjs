/** Appends what it is given, and is killed before it can tell anybody. */
import { sqlite } from '@threadbook/sqlite'

const [path = '', append = ''] = process.argv.slice(2)
const { store } = await sqlite(path)
const answer = await store.append(JSON.parse(append))()
if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
process.kill(process.pid, 'SIGKILL')
