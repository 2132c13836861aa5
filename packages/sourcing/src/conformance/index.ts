/**
 * The conformance kit: what every adapter owes, as tests for Jest and fast-check. Call it at the
 * top of a test file; a case that an adapter cannot pass is skipped by name, with a reason,
 * and all cases that need an option it does not give are one skipped test.
 */
export { adaptersConformance } from './adapters.js'
export { blobsConformance } from './blobs.js'
export { eventStoreConformance, type EventStoreKitOptions } from './event-store/index.js'
export { keyWrappingConformance, type WrappedVaults } from './key-wrapping.js'
export { readModelsConformance } from './read-models/index.js'
export { searchIndexConformance } from './search-index.js'
export type { KitOptions, Skip } from './suite.js'
export { vaultConformance } from './vault.js'
