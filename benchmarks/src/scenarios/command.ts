/**
 * A whole command: load, decide, append, and the views are right when it returns. Against a bare
 * insert, which does none of that but the durable commit.
 */
import { openInbox } from '@threadbook/inbox'
import { sqlite } from '@threadbook/sqlite'
import { join } from 'node:path'
import { assigner, spread } from '../assigning.js'
import { newEvents } from '../fixtures/events.js'
import { FILE, inboxWithViews, longStream } from '../fixtures/logs.js'
import { handWrittenLog, HAND_WRITTEN } from '../hand-written/sqlite-log.js'
import { emmettCommands } from '../peers/emmett-sqlite.js'
import { timed, WARM_UP, type Run, type Scenario, type Subject } from '../scenario.js'

const COMMANDS = 4_000
/** Commands go round these: their states are in the cache by the time that is measured. */
const CONVERSATIONS = 200

const bareInsert: Subject = {
  name: 'bare insert',
  settings: `${HAND_WRITTEN}, one event a commit`,
  run: async ({ folder }) => {
    const { append, db } = handWrittenLog(folder)
    const events = Array.from({ length: COMMANDS }, () => newEvents(1))
    for (let i = 0; i < WARM_UP; i++) append(`warm-${i}`, 0, newEvents(1))
    const measured = await timed(COMMANDS, () =>
      events.forEach((one, index) =>
        append(`conversation-${index % CONVERSATIONS}`, Math.floor(index / CONVERSATIONS), one),
      ),
    )
    db.close()
    return measured
  },
}

interface Assigning {
  readonly conversations: readonly number[]
  readonly commands: number
  /** Conversations of the commands before the measured ones; the same unless told. */
  readonly warmUpOn?: readonly number[]
}

const assigning = async (
  { fixture }: Run,
  { conversations, commands, warmUpOn = conversations }: Assigning,
) => {
  // In place: copying a large file would still be written out while commits are measured.
  await using inbox = await openInbox(await sqlite(join(fixture, FILE)))
  const times = async (count: number, command: () => Promise<void>) => {
    for (let i = 0; i < count; i++) await command()
  }
  await times(WARM_UP, assigner(inbox, warmUpOn))
  const next = assigner(inbox, conversations)
  // Not measured: the first to be assigned may be the owner from before, which changes nothing.
  await times(conversations.length, next)
  return await timed(commands, () => times(commands, next))
}

const SETTINGS =
  'SQLite file, WAL, synchronous=FULL, front door, validated, views inline, state cached'

export const command: Scenario = {
  name: 'command end to end, views right, SQLite',
  operation: 'command',
  measure: 'perSecond',
  sizes: [10_000],
  sizeOf: 'events in the file',
  quick: 10_000,
  fixture: inboxWithViews,
  floor: bareInsert,
  subjects: [
    {
      name: 'Threadbook',
      settings: SETTINGS,
      run: (run) =>
        assigning(run, { conversations: spread(run.size, CONVERSATIONS), commands: COMMANDS }),
    },
  ],
  peers: emmettCommands(200),
}

export const commandGrowth: Scenario = {
  ...command,
  name: 'growth: commands on a SQLite file',
  sizes: [10_000, 100_000, 1_000_000],
  peers: [],
}

/** `other` warms up, so that the stream stays as long as it is said to be. */
const onStream = (name: string, index: number, other: number): Subject => ({
  name,
  settings: SETTINGS,
  run: (run) =>
    assigning(run, { conversations: [index], commands: COMMANDS / 4, warmUpOn: [other] }),
})

export const longStreamCommand: Scenario = {
  name: 'command on a long stream, state cached, SQLite',
  operation: 'command',
  measure: 'perSecond',
  sizes: [10_000],
  sizeOf: 'events in the long stream',
  quick: 10_000,
  fixture: longStream,
  floor: onStream('Threadbook, a stream of 5 events', 1, 0),
  subjects: [onStream('Threadbook, the long stream', 0, 1)],
}
