import { eventStoreConformance } from '@threadbook/sourcing/conformance'
import { onServer, onSmallServers } from './stores.js'

const url = process.env['EVENTSTOREDB_URL']
const { open, beside } = url === undefined ? onSmallServers : onServer(url)

eventStoreConformance(url ?? 'eventstoredb', open, {
  beside,
  skip: [
    {
      case: 'any history of appends and reads is answered as by a plain model',
      reason: 'the model takes appendAll for atomic, here what came before a conflict stands',
    },
  ],
})
