/**
 * Appends `count` events to a stream of its own at exact revisions, `count` to a shared one at any,
 * and `count` to another shared one at exact revisions, again after each conflict. Writes how each
 * fault other than such a conflict was worded.
 */
import { randomUUID } from 'node:crypto'
import { sqlite } from '@threadbook/sqlite'

const [path = '', name = '', counted = ''] = process.argv.slice(2)
const count = Number(counted)
const { store, close } = await sqlite(path)

/** @param {string} data */
const event = (data) => ({
  id: randomUUID(),
  type: 'Put',
  data,
  metadata: {
    schemaVersion: 1,
    account: 'acme',
    actor: 'system',
    commandId: 'c',
    occurredAt: '2026-01-02T03:04:05.678Z',
    recordedAt: '2026-01-02T03:04:05.678Z',
  },
})

/**
 * @param {string} stream
 * @param {import('@threadbook/sourcing').ExpectedRevision} expected
 */
const append = async (stream, expected) => {
  const answer = await store.append({ stream, expected, events: [event(name)] })()
  if (answer._tag === 'Left' && answer.left.type !== 'Conflict')
    console.log(JSON.stringify(answer.left))
  return answer
}

const toOwn = async () => {
  for (let i = 0; i < count; i++) await append(`note-acme.${name}`, i === 0 ? 'noStream' : i - 1)
}

const toShared = () =>
  Promise.all(Array.from({ length: count }, () => append('note-acme.shared', 'any')))

const toContested = async () => {
  /** @type {import('@threadbook/sourcing').ExpectedRevision} */
  let expected = 'noStream'
  for (let stored = 0; stored < count;) {
    const answer = await append('note-acme.contested', expected)
    if (answer._tag === 'Right') {
      stored++
      expected = answer.right.revision
    } else if (answer.left.type === 'Conflict') expected = answer.left.actual
    else break
  }
}

await Promise.all([toOwn(), toShared(), toContested()])
await close()
