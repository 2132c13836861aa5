/**
 * An inbox with a projection and an effect of the host's own, until it is killed. Writes `row` and
 * `effect` for each event that they are given, with what it holds.
 */
import { openInbox, effect } from '@threadbook/inbox'
import { event, eventTypes } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { openStore } from './open-store.mjs'
import { tally } from './tally.mjs'

const [spec = '', takeOverAfter = ''] = process.argv.slice(2)
const nOf = (/** @type {unknown} */ data) => /** @type {{ n: string }} */ (data).n
const put = tally.on['Put']
/** @type {import('@threadbook/sourcing').Rows} */
const told = {
  ...tally,
  on: {
    Put: (row, event) => {
      console.log(`row ${nOf(event.data)}`)
      return put?.(row, event)
    },
  },
}
const notes = { category: 'note', events: eventTypes(event('Put', { n: t.string })) }
const telling = effect({
  name: 'telling',
  of: notes,
  from: 'start',
  effect: {
    Put: async ({ data }) => {
      console.log(`effect ${nOf(data)}`)
      return E.right(undefined)
    },
  },
})
await openInbox(await openStore(JSON.parse(spec)), {
  projections: [told],
  reactions: [telling],
  takeOverAfter: Number(takeOverAfter),
})
console.log('open')
setInterval(() => undefined, 60_000)
