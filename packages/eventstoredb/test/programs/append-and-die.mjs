/** Appends what it is given, and is killed before it can tell anybody. */
import { eventStoreDBEventStore } from '@threadbook/eventstoredb'

const [url = '', append = ''] = process.argv.slice(2)
const store = await eventStoreDBEventStore(url)
const answer = await store.append(JSON.parse(append))()
if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
process.kill(process.pid, 'SIGKILL')
