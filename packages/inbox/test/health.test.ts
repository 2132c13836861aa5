/** How an inbox is, for whoever watches it. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { close, conversations } from '@threadbook/core'
import { openInbox, reaction, type Inbox } from '@threadbook/inbox'
import type { Rows } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { reasonsOf } from '../src/health/health.js'
import { lastFaults } from '../src/health/last-faults.js'
import { ada, clockFrom, openDesk, right, START } from './fixtures.js'

const breaking: Rows = {
  name: 'breaking',
  version: 1,
  table: { name: 'breaking', columns: {}, indexes: [] },
  categories: ['conversation'],
  on: {
    ConversationStarted: () => ({}),
    Closed: () => {
      throw new Error('not made for it')
    },
  },
}

const projectionOf = async (inbox: Inbox, name: string) =>
  (await inbox.health()).projections.find((each) => each.name === name)!

describe('inbox.health', () => {
  it('names all that runs, and how far it is', async () => {
    const desk = await openDesk()
    await desk.receive()
    await desk.inbox.settled()
    const health = await desk.inbox.health()
    expect(health.at).toBe(desk.clock.now())
    expect(health.projections.map(({ name }) => name)).toContain('conversations')
    expect(health.projections[0]).toEqual({
      name: 'conversations',
      version: expect.any(Number),
      runBy: 'inline',
      lag: { events: 0, more: false, seconds: 0 },
      parked: { rows: 0, more: false },
      skipped: 0,
    })
    expect(health.reactions.find(({ name }) => name === 'routing')).toMatchObject({
      runBy: 'thisProcess',
      parked: 0,
    })
  })

  it('counts rows that stand still and events that were skipped, with the last error', async () => {
    const desk = await openDesk(undefined, { projections: [breaking] })
    const ids = [await desk.receive(), await desk.receive()]
    for (const conversationId of ids) await desk.ask(close({ conversationId, actor: ada }))
    const health = await desk.inbox.health()
    expect(health.status).toBe('attention')
    const parked = { type: 'Parked', part: 'projection breaking', count: 2 }
    expect(health.reasons).toContainEqual(parked)
    expect(await projectionOf(desk.inbox, 'breaking')).toMatchObject({
      parked: { rows: 2, more: false },
      skipped: 0,
      lastError: { error: 'Error: not made for it', key: ids[1], type: 'Closed' },
    })
    for (const id of ids)
      right(await desk.inbox.projections.skip('breaking', id, { reason: 'a test', by: ada }))
    expect(await projectionOf(desk.inbox, 'breaking')).toMatchObject({
      parked: { rows: 0 },
      skipped: 2,
    })
    expect((await desk.inbox.health()).reasons).not.toContainEqual(
      expect.objectContaining({ part: 'projection breaking' }),
    )
  })

  it('counts what views that run behind have not seen yet, and since when', async () => {
    const { projectInline, ...behind } = await memory()
    expect(projectInline).toBeDefined()
    // Rows that stay where they are, as where nobody keeps them.
    const stuck = new Set<string>()
    const { readModels } = behind
    const adapters = {
      ...behind,
      readModels: {
        ...readModels,
        apply: ((projection, batch) =>
          stuck.has(projection.name)
            ? async () => E.left({ type: 'Unavailable' as const, reason: 'away' })
            : readModels.apply(projection, batch)) as typeof readModels.apply,
      },
    }
    const desk = await openDesk(adapters, { projections: [breaking] })
    right(await desk.inbox.caughtUp())
    stuck.add('breaking')
    await desk.receive()
    await desk.receive()
    desk.clock.pass({ minutes: 5 })
    const health = await desk.inbox.health()
    const { lag } = await projectionOf(desk.inbox, 'breaking')
    expect(lag).toMatchObject({ events: 2, more: false })
    expect(lag.seconds).toBeGreaterThanOrEqual(300)
    expect(health.reasons).toContainEqual({
      type: expect.stringMatching(/^(Behind|RunByNobody)$/),
      part: 'projection breaking',
      lag,
    })
    stuck.clear()
    await desk.inbox.close()
  })

  it('counts what a reaction could not handle', async () => {
    const failing = reaction({
      name: 'failing',
      of: conversations,
      on: {
        Closed: () => {
          throw new Error('not made for it')
        },
      },
    })
    const desk = await openDesk(undefined, { reactions: [failing] })
    await desk.ask(close({ conversationId: await desk.receive(), actor: ada }))
    await desk.inbox.settled()
    const health = await desk.inbox.health()
    expect(health.reactions.find(({ name }) => name === 'failing')).toMatchObject({ parked: 1 })
    const parked = { type: 'Parked', part: 'reaction failing', count: 1 }
    expect(health.reasons).toContainEqual(parked)
  })

  it('says that a store does not answer', async () => {
    const adapters = await memory()
    const desk = await openDesk(adapters)
    await adapters.readModels.close()
    expect(await desk.inbox.health()).toMatchObject({
      status: 'unavailable',
      reasons: [{ type: 'Unavailable', reason: 'closed' }],
    })
  })

  it.each([
    ['in time', 'anotherProcess', 30, []],
    ['late', 'anotherProcess', 31, ['Behind']],
    ['late, and run by nobody', 'nobody', 31, ['RunByNobody']],
  ] as const)('of what is %s says so', (_, runBy, seconds, reasons) => {
    const lag = { events: 1, more: false, seconds }
    const reactions = [{ name: 'x', runBy, lag, parked: 0 }]
    const found = reasonsOf({ at: START, projections: [], reactions })
    expect(found.map(({ type }) => type)).toEqual(reasons)
  })

  it('remembers the kind of a fault, and tells it for a minute', () => {
    let now = START
    const faults = lastFaults(
      () => now,
      () => undefined,
    )
    faults.hear('search', { type: 'Unavailable', reason: 'secret' })
    const lastFault = faults.of('search')!
    expect(lastFault).toEqual({ fault: 'Unavailable', at: START })
    const search = { lag: { events: 0, more: false, seconds: 0 }, lastFault }
    const found = { projections: [], reactions: [], search }
    const last = [{ type: 'Fault', part: 'search', last: lastFault }]
    expect(reasonsOf({ ...found, at: now })).toEqual(last)
    now = new Date(Date.parse(START) + 61_000).toISOString()
    expect(reasonsOf({ ...found, at: now })).toEqual([])
  })
})

describe('OpenTelemetry metrics', () => {
  afterEach(() => {
    metrics.disable()
  })

  it('are what health says, for as long as the inbox is open', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const provider = new MeterProvider({ readers: [reader] })
    metrics.setGlobalMeterProvider(provider)
    const clock = clockFrom(START)
    const adapters = await memory()
    const inbox = await openInbox(adapters, { clock, projections: [breaking] })
    const collected = async () => {
      exporter.reset()
      await reader.forceFlush()
      const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics)
      return all.flatMap((scope) =>
        scope.metrics.flatMap(({ descriptor: { name }, dataPoints }) =>
          dataPoints.map(({ value, attributes }) => ({ name, value, attributes })),
        ),
      )
    }
    // The API is loaded beside the start.
    for (let look = 0; look < 1_000 && (await collected()).length === 0; look++)
      await new Promise((resolve) => setTimeout(resolve, 5))
    const found = await collected()
    expect(found).toContainEqual({ name: 'threadbook.status', value: 0, attributes: {} })
    for (const name of ['threadbook.parked', 'threadbook.skipped', 'threadbook.lag.events'])
      expect(found).toContainEqual({
        name,
        value: 0,
        attributes: { part: 'projection', name: 'conversations' },
      })
    expect(found).toContainEqual({
      name: 'threadbook.lag.time',
      value: 0,
      attributes: { part: 'reaction', name: 'routing' },
    })
    await inbox.close()
    // The stores are closed by now: whoever asked them would hear that they are unavailable.
    const unavailable = { name: 'threadbook.status', value: 2, attributes: {} }
    expect(await collected()).not.toContainEqual(unavailable)
    await provider.shutdown()
  })
})
