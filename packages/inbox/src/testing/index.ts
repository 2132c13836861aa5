export { inMemoryCrm, type InMemoryCrm } from './in-memory-crm.js'
