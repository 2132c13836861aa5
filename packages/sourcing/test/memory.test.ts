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

eventStoreConformance('memory', async () => memoryEventStore())
readModelsConformance('memory', async () => memoryReadModels())
vaultConformance('memory', async () => memoryVault())
blobsConformance('memory', async () => memoryBlobs())
adaptersConformance('memory', memory)
