export { backup, type BackupFolders } from './backup.js'
export { sqlite, sqliteLog, type SqliteLog, type SqliteOptions } from './sqlite.js'
export { sqliteBlobs } from './blobs.js'
export { sqliteVault, type VaultOptions } from './vault.js'
