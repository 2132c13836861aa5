/**
 * Appends for ever, eight at a time, with rows kept inside the appends; writes each event's id once
 * its append has been answered. Made to be killed.
 */
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { sqlite } from '@threadbook/sqlite'
import { tally } from './tally.mjs'

const [path = ''] = process.argv.slice(2)
const { store, projectInline } = await sqlite(path)
const attached = await projectInline?.([tally], () => undefined)()
if (attached?._tag !== 'Right') throw new Error(JSON.stringify(attached))

const metadata = {
  schemaVersion: 1,
  account: 'acme',
  actor: 'system',
  commandId: 'c',
  occurredAt: '2026-01-02T03:04:05.678Z',
  recordedAt: '2026-01-02T03:04:05.678Z',
}

/** @param {number} lane */
const appendOn = async (lane) => {
  for (let i = 0; ; i++) {
    const events = Array.from({ length: 1 + (i % 3) }, () => ({
      id: randomUUID(),
      type: 'Put',
      data: {},
      metadata,
    }))
    const [first, ...more] = events
    if (first === undefined) throw new Error('unreachable')
    const stream = `note-acme.${String((lane + i) % 5)}`
    const answer = await store.append({ stream, expected: 'any', events: [first, ...more] })()
    if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
    writeSync(1, `${events.map(({ id }) => id).join(' ')}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, (_, lane) => appendOn(lane)))
