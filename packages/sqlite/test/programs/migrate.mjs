/**
 * Opens a file with a schema of two versions; the second fails where it is applied twice. Takes the
 * file and the place of src/database.ts, built.
 */
const [path = '', built = ''] = process.argv.slice(2)
/** @type {typeof import('../../src/database.js')} */
const { openDatabase } = await import(built)
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
