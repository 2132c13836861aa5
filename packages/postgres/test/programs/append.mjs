/** Appends what it is given; made to be killed before it is answered. */
import { postgres } from '@threadbook/postgres'

const [config = '', schema = '', append = ''] = process.argv.slice(2)
const { store, close } = await postgres(JSON.parse(config), { schema })
console.error('answered:', JSON.stringify(await store.append(JSON.parse(append))()))
await close()
