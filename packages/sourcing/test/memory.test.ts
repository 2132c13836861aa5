import {
  adaptersConformance,
  blobsConformance,
  eventStoreConformance,
  readModelsConformance,
  vaultConformance,
} from '@threadbook/sourcing/conformance'
import {
  memory,
  memoryBlobs,
  memoryEventStore,
  memoryReadModels,
  memoryVault,
} from '@threadbook/sourcing/memory'

// There is no second process at this memory: the same again stands in for it.
const options = {
  beside: async <A extends object>(subject: A) => ({ ...subject, close: async () => undefined }),
}

eventStoreConformance('memory', async () => memoryEventStore(), options)
readModelsConformance('memory', async () => memoryReadModels(), options)
vaultConformance('memory', async () => memoryVault(), options)
blobsConformance('memory', async () => memoryBlobs(), options)
adaptersConformance('memory', memory, options)
