import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EventStoreDBClient } from '@eventstore/db-client'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runScenario, type Recorded } from './scenarios.js'
import { EventLog, startServer, type SmallServer } from './server/index.js'

const recorded = JSON.parse(
  readFileSync(join(__dirname, 'recorded', 'recorded.json'), 'utf8'),
) as Record<string, readonly Recorded[]>

let server: SmallServer
let client: EventStoreDBClient

// One of each for all scenarios, as when they were recorded.
beforeAll(async () => {
  server = await startServer(new EventLog())
  client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${String(server.port)}?tls=false`)
})

afterAll(async () => {
  await client.dispose()
  await server.stop()
})

describe('the small server answers as a real one was recorded', () => {
  it.each(Object.entries(recorded))('%s', async (scenario, steps) => {
    const results = await runScenario(client, scenario, steps)
    expect(results).toEqual(steps.map(({ result }) => result))
  })
})
