export { extractiveAssistant, type ExtractiveAssistant } from './extractive-assistant.js'
export { inMemoryCrm, type InMemoryCrm } from './in-memory-crm.js'
export { inMemoryDelivery, type InMemoryDelivery } from './in-memory-delivery.js'
