/** Copies one store into another, slowly enough to be killed; writes how far it is. */
import { copy } from '@threadbook/sourcing'
import { openStore } from './open-store.mjs'

const [from = '', to = ''] = process.argv.slice(2)
const copied = await copy(await openStore(JSON.parse(from)), await openStore(JSON.parse(to)), {
  limit: 10,
  onProgress: (what, done) => console.log(`${what} ${String(done)}`),
})
console.log(JSON.stringify(copied))
process.exit()
