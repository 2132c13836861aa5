export { eventStoreDB, type Beside } from './adapters.js'
export type { Credentials, StreamsClient } from './client.js'
export type { Clock } from './clock.js'
export { eventStoreDBEventStore, type EventStoreDBOptions } from './event-store.js'
