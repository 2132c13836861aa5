import {
  blobsConformance,
  eventStoreConformance,
  vaultConformance,
} from '@threadbook/sourcing/conformance'
import { memoryBlobs, memoryEventStore, memoryVault } from '@threadbook/sourcing/memory'

eventStoreConformance('memory', async () => memoryEventStore())
vaultConformance('memory', async () => memoryVault())
blobsConformance('memory', async () => memoryBlobs())
