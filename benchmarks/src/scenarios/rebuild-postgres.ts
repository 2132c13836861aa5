/** The list built anew from the log on PostgreSQL, against reading and parsing the same rows. */
import { conversationRows } from '@threadbook/projection-views'
import { postgres } from '@threadbook/postgres'
import { processTurns, rebuilder, type Rows } from '@threadbook/sourcing'
import pg from 'pg'
import { writeConversations } from '../fixtures/conversations.js'
import { EVENTS_EACH } from '../fixtures/logs.js'
import { emmettRebuildsPostgres } from '../peers/rebuild.js'
import { copiedDatabase, POSTGRES } from '../postgres-database.js'
import { right } from '../right.js'
import { timed, type Run, type Scenario, type Subject } from '../scenario.js'

const list = conversationRows as unknown as Rows
const SLICE = 1_000

const filledDatabase = (run: Run): Promise<string> =>
  copiedDatabase(run, `log_${run.size}`, async (url) => {
    await using adapters = await postgres(url)
    const conversations = Math.ceil(run.size / EVENTS_EACH)
    await writeConversations(adapters, { conversations, eventsEach: EVENTS_EACH })
  })

const readAndParse: Subject = {
  name: 'read and parse',
  settings: `pg, ${POSTGRES}, the same rows in slices of ${SLICE.toLocaleString('en')}, one prepared query, JSON.parse of both texts`,
  run: async (run) => {
    const client = new pg.Client(await filledDatabase(run))
    await client.connect()
    const slice = {
      name: 'slice',
      text: `SELECT position, data, metadata FROM threadbook.events WHERE position > $1
             ORDER BY position LIMIT ${SLICE}`,
    }
    const measured = await timed(run.size, async () => {
      for (let after = '0', seen = 0; seen < run.size;) {
        const { rows } = await client.query<{ position: string; data: string; metadata: string }>({
          ...slice,
          values: [after],
        })
        for (const { data, metadata } of rows) {
          JSON.parse(data)
          JSON.parse(metadata)
        }
        if (rows.length === 0) throw new Error(`expected ${run.size} events, got ${seen}`)
        seen += rows.length
        after = rows.at(-1)!.position
      }
    })
    await client.end()
    return measured
  },
}

export const rebuildPostgres: Scenario = {
  name: 'rebuild the list, PostgreSQL',
  operation: 'event',
  measure: 'perSecond',
  sizes: [50_000, 300_000],
  quick: 10_000,
  rounds: 3,
  needs: 'postgres',
  floor: readAndParse,
  subjects: [
    {
      name: 'Threadbook',
      settings: `${POSTGRES}, rows, indexes and counters of the list built beside and swapped in`,
      run: async (run) => {
        await using adapters = await postgres(await filledDatabase(run))
        const turns = processTurns(adapters.readModels)
        const measured = await timed(run.size, async () =>
          right(await rebuilder(adapters, turns).rebuild(list)),
        )
        await turns.stop()
        return measured
      },
    },
  ],
  peers: emmettRebuildsPostgres,
}
