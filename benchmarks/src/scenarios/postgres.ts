/** PostgreSQL, with one client and with several at once: each a lane of one process. */
import { assign, user } from '@threadbook/core'
import { openInbox } from '@threadbook/inbox'
import { postgres } from '@threadbook/postgres'
import { conversationId, isTrashed, writeConversations } from '../fixtures/conversations.js'
import { newEvents } from '../fixtures/events.js'
import { handWrittenPostgres, HAND_WRITTEN_POSTGRES } from '../hand-written/postgres-log.js'
import { inLanes } from '../lanes.js'
import { peersAppends, peersCommands } from '../peers/postgres.js'
import { newDatabase, POSTGRES } from '../postgres-database.js'
import { right } from '../right.js'
import type { Scenario, Subject } from '../scenario.js'

/** Of one lane; more lanes do more. */
const APPENDS_EACH = 400
const COMMANDS_EACH = 200
const CONVERSATIONS_EACH = 20
const EVENTS_EACH = 5

const bare = (each: number): Subject => ({
  name: 'one prepared insert',
  settings: HAND_WRITTEN_POSTGRES,
  run: async (run) => {
    const { append, pool } = await handWrittenPostgres(await newDatabase(run), run.size)
    const measured = await inLanes(run.size, each, (lane, index) =>
      append(
        `conversation-main.${lane}x${Math.floor(index / EVENTS_EACH)}`,
        index % EVENTS_EACH,
        newEvents(1)[0],
      ),
    )
    await pool.end()
    return measured
  },
})

const shared = {
  measure: 'perSecond',
  sizes: [1, 4, 16],
  sizeOf: 'clients at once',
  quick: 4,
  needs: 'postgres',
} as const

export const appendPostgres: Scenario = {
  ...shared,
  name: 'append one event, PostgreSQL',
  operation: 'event',
  floor: bare(APPENDS_EACH),
  subjects: [
    {
      name: 'Threadbook',
      settings: `${POSTGRES}, at the port, exact revisions`,
      run: async (run) => {
        const { store, close } = await postgres(await newDatabase(run))
        const measured = await inLanes(run.size, APPENDS_EACH, async (lane, index) => {
          const revision = index % EVENTS_EACH
          const stream = `conversation-main.${lane}x${Math.floor(index / EVENTS_EACH)}`
          const expected = revision === 0 ? 'noStream' : revision - 1
          right(await store.append({ stream, expected, events: newEvents(1) })())
        })
        await close()
        return measured
      },
    },
  ],
  peers: peersAppends(APPENDS_EACH),
}

/** The nth conversation that is not in Trash. */
const present = (nth: number): number => {
  const index = nth * 2
  return isTrashed(index) ? index + 3 : index
}

export const commandsPostgres: Scenario = {
  ...shared,
  name: 'commands at once, views right, PostgreSQL',
  operation: 'command',
  rounds: 3,
  floor: bare(COMMANDS_EACH),
  subjects: [
    {
      name: 'Threadbook',
      settings: `${POSTGRES}, front door, validated, state cached, views behind the log and caught up at the end`,
      run: async (run) => {
        const adapters = await postgres(await newDatabase(run))
        const conversations = run.size * CONVERSATIONS_EACH
        await writeConversations(adapters, {
          conversations: conversations * 2 + 3,
          eventsEach: EVENTS_EACH,
        })
        await using inbox = await openInbox(adapters)
        await inbox.caughtUp()
        return await inLanes(
          run.size,
          COMMANDS_EACH,
          async (lane, index) => {
            const nth = lane * CONVERSATIONS_EACH + (index % CONVERSATIONS_EACH)
            right(
              await inbox.execute(
                assign({
                  conversationId: conversationId(present(nth)),
                  owner: user(`lane ${lane} ${index}`),
                  actor: 'user:ada',
                }),
              ),
            )
          },
          async () => right(await inbox.caughtUp()),
        )
      },
    },
  ],
  peers: peersCommands(COMMANDS_EACH, CONVERSATIONS_EACH),
}
