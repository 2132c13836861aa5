import { openVault, type KeyEncryption, type Vault } from '@threadbook/sourcing'
import {
  adaptersConformance,
  blobsConformance,
  eventStoreConformance,
  keyWrappingConformance,
  readModelsConformance,
  searchIndexConformance,
  vaultConformance,
} from '@threadbook/sourcing/conformance'
import {
  memory,
  memoryBlobs,
  memoryEventStore,
  memoryKeys,
  memoryReadModels,
  memoryVault,
} from '@threadbook/sourcing/memory'

// There is no second process at this memory: the same again stands in for it.
const options = {
  beside: async <A extends object>(subject: A) => ({ ...subject, close: async () => undefined }),
}

eventStoreConformance('memory', async () => memoryEventStore(), {
  ...options,
  lacks: {
    disturb: 'memory has no connection to cut',
    appendAndDie: 'what is in memory goes with its process',
  },
})
readModelsConformance('memory', async () => memoryReadModels(), options)
vaultConformance('memory', async () => memoryVault(), options)
blobsConformance('memory', async () => memoryBlobs(), options)
adaptersConformance('memory', memory, options)
searchIndexConformance('memory', memory, options)

const kept = new WeakMap<Vault, Map<string, Uint8Array>>()
const over = async (keys: Map<string, Uint8Array>, encryption: KeyEncryption) => {
  const vault = await openVault(memoryKeys(keys), encryption)
  kept.set(vault, keys)
  return vault
}
keyWrappingConformance('memory', {
  open: (encryption) => over(new Map(), encryption),
  beside: (vault, encryption) => over(kept.get(vault)!, encryption),
})
