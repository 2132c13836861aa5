import { eventStoreConformance } from '@threadbook/sourcing/conformance'
import { besideOnSmallServer, openOnSmallServer } from './stores.js'

eventStoreConformance('eventstoredb', openOnSmallServer, {
  beside: besideOnSmallServer,
  skip: [
    {
      case: 'any history of appends and reads is answered as by a plain model',
      reason: 'the model takes appendAll for atomic, here what came before a conflict stands',
    },
  ],
})
