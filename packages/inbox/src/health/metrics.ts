/**
 * The same figures as OpenTelemetry metrics, where the host has its API and a meter provider. It is
 * asked for by name at run time: where it is missing, there are no metrics, and nothing else changes.
 */
import type { Health, Lag } from './health.js'

interface Gauge {
  readonly addCallback?: unknown
}

interface Observed {
  readonly observe: (
    gauge: Gauge,
    value: number,
    attributes?: Readonly<Record<string, string>>,
  ) => void
}

type Callback = (observed: Observed) => Promise<void>

interface Meter {
  readonly createObservableGauge: (
    name: string,
    options: { readonly description: string; readonly unit: string },
  ) => Gauge
  readonly addBatchObservableCallback: (callback: Callback, gauges: Gauge[]) => void
  readonly removeBatchObservableCallback: (callback: Callback, gauges: Gauge[]) => void
}

interface Api {
  readonly metrics: { readonly getMeter: (name: string) => Meter }
}

const NAME: string = '@opentelemetry/api'

/** Where every version of the API finds what the host provides; empty until it does. */
const PROVIDED = Symbol.for('opentelemetry.js.api.1')

const isProvided = (): boolean => {
  const provided = (globalThis as { [PROVIDED]?: { readonly metrics?: unknown } })[PROVIDED]
  return provided?.metrics !== undefined
}

/** The API is many modules: without a provider they would be loaded to count nothing. */
const loaded = async (): Promise<Api | undefined> => {
  if (!isProvided()) return undefined
  try {
    return (await import(NAME)) as Api
  } catch {
    return undefined
  }
}

const STATUS = { ok: 0, attention: 1, unavailable: 2 } as const

/** Tells whoever collects metrics, and asks only then. The answer ends it. */
export const startMetrics = (health: () => Promise<Health>): (() => Promise<void>) => {
  let ended = false
  const starting = loaded().then((api) => {
    if (api === undefined || ended) return undefined
    const meter = api.metrics.getMeter('threadbook')
    const gauge = (name: string, unit: string, description: string) =>
      meter.createObservableGauge(`threadbook.${name}`, { unit, description })
    const status = gauge('status', '1', '0 ok, 1 somebody should look, 2 unavailable')
    const lagEvents = gauge('lag.events', '{event}', 'Events not handled yet, counted up to 100')
    const lagSeconds = gauge('lag.time', 's', 'Since the oldest event that is not handled yet')
    const parked = gauge('parked', '1', 'Rows that stand still, or events a reaction left')
    const skipped = gauge('skipped', '{event}', 'Events that were passed over for good')
    const all = [status, lagEvents, lagSeconds, parked, skipped]
    const observe: Callback = async (observed) => {
      const found = await health()
      const lag = (part: string, name: string, { events, seconds }: Lag) => {
        observed.observe(lagEvents, events, { part, name })
        observed.observe(lagSeconds, seconds, { part, name })
      }
      observed.observe(status, STATUS[found.status])
      for (const each of found.projections) {
        const attributes = { part: 'projection', name: each.name }
        lag('projection', each.name, each.lag)
        observed.observe(parked, each.parked.rows, attributes)
        observed.observe(skipped, each.skipped, attributes)
      }
      for (const each of found.reactions) {
        lag('reaction', each.name, each.lag)
        observed.observe(parked, each.parked, { part: 'reaction', name: each.name })
      }
      if (found.search !== undefined) lag('search', 'search', found.search.lag)
    }
    meter.addBatchObservableCallback(observe, all)
    return () => {
      meter.removeBatchObservableCallback(observe, all)
    }
  })
  return async () => {
    ended = true
    const end = await starting
    end?.()
  }
}
