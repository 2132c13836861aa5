/** Killed at any moment of sending, nothing goes out twice and nothing is silently missing. */
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { answerAll } from './fixtures/answering.mjs'
import { runProgram } from './fixtures/child.js'
import { folder } from './fixtures/folder.js'
import { startMailServer } from './fixtures/smtp-server.js'
import { read } from './mails.js'

const room = folder()

const SETTLED = ['sent', 'failed', 'unknown']
let databases = 0

interface Answers {
  /** What the log says of each. */
  readonly statuses: readonly string[]
  /** How often each arrived. */
  readonly arrivals: readonly number[]
}

/** Dies once, where it is told to, in a process of its own; then another runs to its end: this one. */
const runs = async (when: string): Promise<Answers & { readonly died: boolean }> => {
  const database = join(room, `${String(databases++)}.db`)
  let pid = 0
  let taken = 0
  const [where, count] = when.split(':')
  const server = await startMailServer(() => {
    if (where === 'taken' && ++taken === Number(count)) process.kill(pid, 'SIGKILL')
  })
  const first = await runProgram('sending.mjs', [database, String(server.port), when], (line) => {
    if (line.startsWith('pid ')) pid = Number(line.slice('pid '.length))
    return undefined
  })
  taken = Infinity
  const told = await answerAll(database, server.port)
  await server.close()
  const mails = await Promise.all(server.taken.map(({ raw }) => read(raw)))
  const ids = mails.map(({ messageId }) => messageId)
  return {
    died: first.signal === 'SIGKILL',
    statuses: told.map(({ status }) => status),
    arrivals: told.map(
      ({ messageId }) => ids.filter((each) => each === `${messageId}@example.com`).length,
    ),
  }
}

const numbered = (place: string, ...counts: readonly number[]): readonly string[] =>
  counts.map((count) => `${place}:${String(count)}`)

describe('K-20 answers that go out while the process is killed', () => {
  it('K-20 all arrive where it is not', async () => {
    expect(await runs('never')).toEqual({
      died: false,
      statuses: ['sent', 'sent'],
      arrivals: [1, 1],
    })
  })

  it.each([
    // The answer, that it is tried, and what came of it; two appends stand before.
    ['before something is written down', numbered('beforeAppend', 3, 4, 5)],
    ['after something is written down', numbered('afterAppend', 3, 4, 5, 6, 7, 8)],
    ['before it is handed over', numbered('beforeDelivery', 1, 2)],
    ['after it is handed over', numbered('afterDelivery', 1, 2)],
    ['while the server has it', numbered('taken', 1, 2)],
  ])('K-20 arrive once, or are known not to be known: killed %s', async (_, places) => {
    // At once: each waits most of its time for the dead process's turn to be over.
    const all = await Promise.all(places.map(async (place) => ({ place, ...(await runs(place)) })))
    for (const { place, died, statuses, arrivals } of all) {
      expect([place, died, statuses.length]).toEqual([place, true, 2])
      for (const [n, status] of statuses.entries()) {
        expect([place, n, SETTLED]).toEqual([place, n, expect.arrayContaining([status])])
        expect([place, n, arrivals[n]! <= 1]).toEqual([place, n, true])
        if (status === 'sent') expect([place, n, arrivals[n]]).toEqual([place, n, 1])
      }
      expect(statuses.filter((status) => status === 'unknown').length).toBeLessThanOrEqual(1)
    }
  })
})
