/**
 * Commands while the list is built anew in the same process, and a reader who looks all the while.
 * A run in which a row was missing, or in which the list is not what the log says, has failed.
 */
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { sqlite } from '@threadbook/sqlite'
import { assigner, spread } from '../assigning.js'
import { listOf } from '../fixtures/events.js'
import { copyOf, inboxWithViews } from '../fixtures/logs.js'
import { right } from '../right.js'
import { timed, WARM_UP, type Run, type Scenario, type Subject } from '../scenario.js'

const LANES = 4
/** Those that are assigned; neither a page of All closed nor any count but owners' knows of it. */
const CONVERSATIONS = 200
const ALONE = 4_000

const assigning = (inbox: Inbox, { size }: Run) => {
  const next = assigner(inbox, spread(size, CONVERSATIONS))
  let done = 0
  const one = () => {
    done++
    return next()
  }
  return {
    /** Goes on for as long as it is told to. */
    while: async (goOn: () => boolean) => {
      await Promise.all(
        listOf(LANES, async () => {
          while (goOn()) await one()
        }),
      )
    },
    done: () => done,
  }
}

const upTo = (count: number): (() => boolean) => {
  let left = count
  return () => left-- > 0
}

const seen = async (inbox: Inbox) => ({
  page: right(await inbox.views.list('allClosed')).items.map(
    ({ conversationId }) => conversationId,
  ),
  closed: right(await inbox.views.counts()).views.allClosed,
})

const SETTINGS = `SQLite file, WAL, synchronous=FULL, front door, validated, views inline, ${LANES} commands at once`

const alone: Subject = {
  name: 'Threadbook, nothing else',
  settings: SETTINGS,
  run: async (run) => {
    await using inbox = await openInbox(await sqlite(await copyOf(run.fixture, run.folder)))
    const commands = assigning(inbox, run)
    await commands.while(upTo(WARM_UP))
    return await timed(ALONE, () => commands.while(upTo(ALONE)))
  },
}

const meanwhile: Subject = {
  name: 'Threadbook, while the list is rebuilt',
  settings: `${SETTINGS}, the rebuild and a reader in the same process; the list verified afterwards`,
  run: async (run) => {
    await using inbox = await openInbox(await sqlite(await copyOf(run.fixture, run.folder)))
    const commands = assigning(inbox, run)
    await commands.while(upTo(WARM_UP))
    const before = await seen(inbox)
    let rebuilding = true
    const reading = async () => {
      for (; rebuilding; await setImmediate())
        if (!isDeepStrictEqual(await seen(inbox), before)) throw new Error('a row was missing')
    }
    const began = commands.done()
    const measured = await timed(1, async () => {
      const working = Promise.all([commands.while(() => rebuilding), reading()])
      right(await inbox.projections.rebuild('conversations'))
      rebuilding = false
      await working
    })
    const operations = commands.done() - began
    const [verified] = right(await inbox.projections.verify('conversations'))
    if (verified?.differences.length !== 0) throw new Error('the list is not what the log says')
    return { ...measured, operations }
  },
}

export const rebuildMeanwhile: Scenario = {
  name: 'commands while the list is rebuilt, SQLite',
  operation: 'command',
  measure: 'perSecond',
  sizes: [100_000],
  sizeOf: 'events in the file',
  quick: 10_000,
  rounds: 3,
  fixture: inboxWithViews,
  floor: alone,
  subjects: [meanwhile],
}
