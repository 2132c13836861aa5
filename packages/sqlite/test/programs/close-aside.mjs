/** Writes a number in a thread, and closes it. Takes the file and the place of src/aside.ts, built. */
const [path = '', built = ''] = process.argv.slice(2)
/** @type {typeof import('../../src/aside.js')} */
const { openAside } = await import(built)
const aside = openAside(path, 1_000)
await aside.transact({
  checks: [],
  steps: [{ sql: 'INSERT INTO numbers VALUES (1)', values: [[]] }],
})
await aside.close()
console.log('closed')
