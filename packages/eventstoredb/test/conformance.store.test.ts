import { eventStoreConformance } from '@threadbook/sourcing/conformance'
import { onServer } from './server-stores.js'
import { onSmallServers } from './small-stores.js'

const url = process.env['EVENTSTOREDB_URL']
const { open, ...options } = url === undefined ? onSmallServers : onServer(url)

eventStoreConformance(url ?? 'eventstoredb', open, {
  ...options,
  lacks: { readStreams: 'the server reads the log in one order only' },
})
