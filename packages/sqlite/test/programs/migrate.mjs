/** Opens a file with a schema of two versions; the second fails where it is applied twice. */
import { openDatabase } from '../../dist/database.js'

const [path = ''] = process.argv.slice(2)
const db = await openDatabase(path, {
  applicationId: 7,
  holds: 'a test',
  steps: [
    'CREATE TABLE first (a INTEGER)',
    'ALTER TABLE first ADD COLUMN b INTEGER; INSERT INTO first (a, b) VALUES (1, 2)',
  ],
})
console.log(db.driver.pragma('user_version', { simple: true }))
await db.close()
