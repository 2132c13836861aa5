/**
 * Two writers in a process, until it is killed. Says the id of each event once its append has been
 * answered, and the reason of each that was not.
 */
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openInbox } from '@threadbook/inbox'
import { openStore } from '../programs/open-store.mjs'
import { chain } from './chain.mjs'

const [spec = '', streams = ''] = process.argv.slice(2)
const say = (/** @type {string} */ line) => {
  writeSync(1, `${line}\n`)
}

const PATIENCE_MS = 20_000
/**
 * A server that is just being restarted is waited for, as whoever starts processes would.
 *
 * @template A
 * @param {() => Promise<A>} open
 */
const opened = async (open) => {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(100))
    try {
      return await open()
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
}
const adapters = await opened(() => openStore(JSON.parse(spec)))
// It catches up while others, and we, go on.
const opening = opened(() => openInbox(adapters, { projections: [chain], takeOverAfter: 2_000 }))

const event = () => ({
  id: randomUUID(),
  type: 'Soaked',
  data: { text: 'x'.repeat(100) },
  metadata: {
    schemaVersion: 1,
    account: 'acme',
    actor: 'system',
    commandId: randomUUID(),
    occurredAt: '2026-01-02T03:04:05.678Z',
    recordedAt: '2026-01-02T03:04:05.678Z',
  },
})

/** At any revision, or at the one that it saw last: a conflict tells where the stream is. */
const write = async () => {
  /** @type {Map<string, import('@threadbook/sourcing').ExpectedRevision>} */
  const seen = new Map()
  for (let n = 0; ; n++) {
    const stream = `soak-acme.${String(Math.floor(Math.random() * Number(streams)))}`
    const events = [event(), ...Array.from({ length: n % 4 }, event)]
    const expected = n % 3 === 0 ? (seen.get(stream) ?? 'any') : 'any'
    const answer = await adapters.store.append({
      stream,
      expected,
      events: /** @type {any} */ (events),
    })()
    if (answer._tag === 'Right') {
      seen.set(stream, answer.right.revision)
      say(`stored ${events.map(({ id }) => id).join(' ')}`)
    } else if (answer.left.type === 'Conflict') seen.set(stream, answer.left.actual)
    else say(`fault ${JSON.stringify(answer.left)}`)
  }
}
await Promise.all([opening, write(), write()])
