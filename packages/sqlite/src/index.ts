export { sqlite, sqliteLog, type SqliteLog, type SqliteOptions } from './sqlite.js'
export { sqliteBlobs } from './blobs.js'
export { sqliteVault } from './vault.js'
