/** Rotates the keys of a vault to a key-encryption key, and dies after so many batches. */
import { sqliteVault } from '@threadbook/sqlite'

const [path, earlier, next, batches] = /** @type {[string, string, string, string]} */ (
  process.argv.slice(2)
)

const vault = await sqliteVault(path, {
  keyEncryptionKey: next,
  earlierKeyEncryptionKeys: [earlier],
})
let done = 0
await vault.rotate(next, {
  onProgress: () => {
    if (++done === Number(batches)) process.kill(process.pid, 'SIGKILL')
  },
})()
await vault.close()
process.stdout.write(`${String(done)}\n`)
