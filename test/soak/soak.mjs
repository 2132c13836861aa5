/**
 * Eight writers in four processes, one of which is killed every few seconds, and a reader that
 * tails all the while; then everything is compared with everything.
 *
 *   npm run soak -- --store sqlite|postgres [--events 200000] [--kill-every 3] [--cut-every 0]
 *                   [--restart-every 0] [--at-most 3600] [--spec JSON]
 *
 * Times are seconds, 0 is never. `cut` breaks all connections of a PostgreSQL, `restart` stops and
 * starts it (of its own, unless --spec says where one is). Ends with status 1 where anything differs.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openInbox } from '@threadbook/inbox'
import { catchUp } from '@threadbook/sourcing'
import { memoryReadModels } from '@threadbook/sourcing/memory'
import pg from 'pg'
import { openStore } from '../programs/open-store.mjs'
import { chain } from './chain.mjs'

const PROCESSES = 4
const STREAMS = 60

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    events: { type: 'string', default: '200000' },
    'kill-every': { type: 'string', default: '3' },
    'cut-every': { type: 'string', default: '0' },
    'restart-every': { type: 'string', default: '0' },
    'at-most': { type: 'string', default: '3600' },
    spec: { type: 'string' },
  },
})
const wantedEvents = Number(values.events)
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'threadbook-soak-'))

/** @type {{ tell: (order: string) => Promise<void>, end: () => Promise<void> } | undefined} */
let server
/** @returns {Promise<import('../programs/open-store.mjs').Spec>} */
const place = async () => {
  if (values.spec !== undefined) return JSON.parse(values.spec)
  if (values.store === 'sqlite') return { store: 'sqlite', path: join(folder, 'soak.db') }
  const program = join(here, '../../packages/postgres/test/run-server.mjs')
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const { host, user, password, database } = JSON.parse((await lines.next()).value)
  server = {
    tell: async (order) => {
      child.stdin.write(`${order}\n`)
      await lines.next()
    },
    end: async () => {
      child.stdin.end()
      await once(child, 'exit')
    },
  }
  const url = `postgres://${user}:${password}@localhost/${database}?host=${encodeURIComponent(host)}`
  return { store: 'postgres', url, schema: 'soak' }
}

/** @type {string[]} */
const wrong = []
const check = (/** @type {boolean} */ isSo, /** @type {string} */ what) => {
  if (!isSo) wrong.push(what)
}
process.on('unhandledRejection', (error) => {
  wrong.push(`an unhandled rejection: ${String(error)}`)
})

const spec = await place()
const adapters = await openStore(spec)
const { store } = adapters
if (adapters.projectInline === undefined) await adapters.readModels.open(chain)()

const started = performance.now()
const counts = { killed: 0, cut: 0, restarted: 0, faults: 0 }
/** @type {Set<string>} */
const acknowledged = new Set()
let isOver = false

// The reader: what it saw, in that order.
/** @type {string[]} */
const seen = []
/** @type {string | undefined} */
let lastSeen
const stopReading = new AbortController()
const reading = (async () => {
  for await (const message of store.subscribe({ signal: stopReading.signal })) {
    if (message.type === 'failed') wrong.push(`the reader ended: ${JSON.stringify(message.fault)}`)
    if (message.type !== 'events') continue
    for (const { id, position } of message.events) {
      check(lastSeen === undefined || position > lastSeen, `the reader went back to ${position}`)
      lastSeen = position
      seen.push(id)
    }
  }
})()

/** @type {Set<import('node:child_process').ChildProcess>} */
const writers = new Set()
/** Those that have written something. @type {Set<import('node:child_process').ChildProcess>} */
const writing = new Set()
const startWriter = () => {
  const child = spawn(
    process.execPath,
    [join(here, 'writer.mjs'), JSON.stringify(spec), String(STREAMS)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  writers.add(child)
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [what, ...ids] = line.split(' ')
    if (what === 'stored') {
      // Not what a killed one had still said.
      if (writers.has(child)) writing.add(child)
      for (const id of ids) acknowledged.add(id)
    } else counts.faults++
  })
  child.on('exit', (code) => {
    writers.delete(child)
    writing.delete(child)
    if (code !== null) wrong.push(`a writer ended by itself, with status ${String(code)}`)
    if (!isOver) startWriter()
  })
}
for (let n = 0; n < PROCESSES; n++) startWriter()

/** @param {string} seconds @param {() => Promise<void>} work */
const every = async (seconds, work) => {
  if (Number(seconds) === 0) return
  while (!isOver) {
    await sleep(Number(seconds) * 1_000)
    if (!isOver) await work()
  }
}
/** @type {number[]} */
const memory = []
const disturbing = Promise.all([
  every(values['kill-every'], async () => {
    const all = [...writing]
    const one = all[Math.floor(Math.random() * all.length)]
    if (one?.kill('SIGKILL')) counts.killed++
  }),
  every(values['cut-every'], async () => {
    if (spec.store !== 'postgres') return
    const client = new pg.Client(spec.url)
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'`,
      )
      await client.end()
    } catch {
      // It is just being restarted.
      return
    }
    counts.cut++
  }),
  every(values['restart-every'], async () => {
    await server?.tell('stop')
    await sleep(500)
    await server?.tell('start')
    counts.restarted++
  }),
  every('1', async () => {
    memory.push(process.memoryUsage.rss() / 1024 ** 2)
  }),
])

/** What was asked for has to happen, however fast the writers are. */
const isDisturbed = () =>
  (Number(values['kill-every']) === 0 || counts.killed > 0) &&
  (Number(values['cut-every']) === 0 || counts.cut > 0 || spec.store !== 'postgres') &&
  (Number(values['restart-every']) === 0 || counts.restarted > 0)
let told = 0
while (acknowledged.size < wantedEvents || !isDisturbed()) {
  await sleep(100)
  if (wrong.length > 0) break
  if (performance.now() - started > Number(values['at-most']) * 1_000) break
  if (acknowledged.size - told >= 10_000) {
    told = acknowledged.size
    console.error(
      `${String(told)} events after ${((performance.now() - started) / 1000).toFixed(0)} s`,
    )
  }
}
isOver = true
await disturbing
const seconds = (performance.now() - started) / 1000
for (const writer of writers) {
  writer.kill('SIGKILL')
  await once(writer, 'close')
}

/** @template A @param {() => Promise<import('fp-ts/lib/Either.js').Either<unknown, A>>} task */
const answer = async (task) => {
  const done = await task()
  if (done._tag === 'Left') throw new Error(JSON.stringify(done.left))
  return done.right
}

// What is in the log.
/** @type {Map<string, number>} */
const revisions = new Map()
/** @type {string[]} */
const log = []
let last = 0
/** @type {import('@threadbook/sourcing').Position | undefined} */
let after
for (;;) {
  const slice = await answer(store.readAll({ after }))
  for (const { stream, revision, id, position } of slice.events) {
    if (!stream.startsWith('soak-')) continue
    const next = revisions.get(stream) ?? 0
    check(
      revision === next,
      `${stream}: revision ${String(revision)} where ${String(next)} was to be`,
    )
    revisions.set(stream, revision + 1)
    log.push(id)
    if (spec.store === 'sqlite') check(Number(position) === last + 1, `a gap before ${position}`)
    last = Number(position)
  }
  after = slice.position
  if (slice.end) break
}
const stored = new Set(log)
check(stored.size === log.length, `${String(log.length - stored.size)} events are there twice`)
const lost = [...acknowledged].filter((id) => !stored.has(id))
check(lost.length === 0, `${String(lost.length)} acknowledged events are lost`)

// What the reader saw.
for (let waited = 0; seen.length < log.length && waited < 20_000; waited += 50) await sleep(50)
check(
  seen.length === log.length && seen.every((id, index) => id === log[index]),
  `the reader saw ${String(seen.length)} events, the log holds ${String(log.length)}, or in another order`,
)
stopReading.abort()
await reading

// What the views say, and what a rebuild says.
const inbox = await openInbox(adapters, { projections: [chain], takeOverAfter: 2_000 })
await answer(() => inbox.caughtUp())
const rebuilt = memoryReadModels()
await answer(rebuilt.open(chain))
await answer(() => catchUp(store, rebuilt, chain))
for (const what of /** @type {const} */ (['rows', 'counters'])) {
  const of = async (/** @type {import('@threadbook/sourcing').ReadModels} */ models) =>
    JSON.stringify(
      what === 'rows'
        ? [...(await answer(models.get(chain, [...Array(STREAMS).keys()].map(String))))].sort()
        : await answer(models.counters(chain, ['streams', 'parity/even', 'parity/odd'])),
    )
  check((await of(adapters.readModels)) === (await of(rebuilt)), `${what} differ from a rebuild`)
}
const parked = await answer(adapters.readModels.parked(chain))
check(parked.length === 0, `${String(parked.length)} events are parked`)
await inbox.close()
await server?.end()
rmSync(folder, { recursive: true, force: true })

const half = memory.slice(Math.floor(memory.length / 2))
console.log(
  JSON.stringify({
    store: spec.store,
    acknowledged: acknowledged.size,
    stored: log.length,
    seconds: Math.round(seconds),
    ...counts,
    readerMB: { peak: Math.round(Math.max(0, ...memory)), end: Math.round(half.at(-1) ?? 0) },
    wrong: wrong.slice(0, 10),
  }),
)
process.exit(wrong.length === 0 ? 0 : 1)
