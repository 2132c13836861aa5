/**
 * Rebuilding a projection from the log by Emmett's consumers: of far fewer events than ours, and one
 * projection where ours are all of the standard views. Both are in its favour.
 */
import type { Event } from '@event-driven-io/emmett'
import { postgreSQLEventStoreConsumer } from '@event-driven-io/emmett-postgresql'
import { conversationEvents } from '../fixtures/conversations.js'
import type { Subject } from '../scenario.js'
import { timed } from '../scenario.js'
import { peersEvent, type PeersEvent } from './conversation.js'
import { EMMETT_SQLITE, openEmmett, ownersProjection } from './emmett-sqlite.js'
import { EMMETT_POSTGRES, listProjection, openEmmettPostgres } from './postgres.js'

const EVENTS_EACH = 5
const CONVERSATIONS = 1_000
const EVENTS = CONVERSATIONS * EVENTS_EACH

interface Pulling {
  readonly batchSize?: number
  readonly pullingFrequencyInMs?: number
}

interface Appending {
  readonly appendToStream: <E extends Event>(stream: string, events: E[]) => Promise<unknown>
}

const fill = async (store: Appending) => {
  for (let index = 0; index < CONVERSATIONS; index++)
    await store.appendToStream<PeersEvent & Event>(
      `conversation-${index}`,
      conversationEvents(EVENTS_EACH, index).map(peersEvent),
    )
}

const settingsOf = (store: string, projection: string, pulling: Pulling) =>
  `${store}, consumer, one projection (${projection}), ${JSON.stringify(pulling)}, ${EVENTS.toLocaleString('en')} events`

const onSqlite = (name: string, pulling: Pulling): Subject => ({
  name,
  settings: settingsOf(EMMETT_SQLITE, 'raw SQL, one table without indexes', pulling),
  run: async ({ folder }) => {
    const { store, connection } = await openEmmett(folder, { kept: true })
    await connection.command(
      'CREATE TABLE IF NOT EXISTS list (id TEXT PRIMARY KEY, owner TEXT, status TEXT)',
    )
    await fill(store)
    const consumer = store.consumer({ pulling })
    consumer.processor({
      processorId: 'list',
      projection: ownersProjection,
      startFrom: 'BEGINNING',
      stopAfter: ({ metadata }) => metadata.globalPosition === BigInt(EVENTS),
    })
    return timed(EVENTS, () => consumer.start())
  },
})

const onPostgres = (name: string, pulling: Pulling): Subject => ({
  name,
  settings: settingsOf(EMMETT_POSTGRES, 'documents by Pongo', pulling),
  run: async (run) => {
    const { store, url } = await openEmmettPostgres(run, false)
    await fill(store)
    const consumer = postgreSQLEventStoreConsumer({
      connectionString: url,
      pulling,
      stopWhen: { noMessagesLeft: true },
    })
    consumer.projector({ projection: listProjection, truncateOnStart: true })
    return timed(EVENTS, () => consumer.start())
  },
})

const FASTEST = { batchSize: 1_000, pullingFrequencyInMs: 0 }

export const emmettRebuildsSqlite: readonly Subject[] = [
  onSqlite('Emmett, its defaults', {}),
  onSqlite('Emmett, batches of 1,000', FASTEST),
]

export const emmettRebuildsPostgres: readonly Subject[] = [
  onPostgres('Emmett, its defaults', {}),
  onPostgres('Emmett, batches of 1,000', FASTEST),
]
