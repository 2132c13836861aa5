import type { Scenario } from '../scenario.js'
import { appendMany, appendOne } from './append.js'
import { eventStoreDBScenarios } from './eventstoredb.js'
import { importCorpus } from './import-corpus.js'

export const scenarios: readonly Scenario[] = [
  appendOne,
  appendMany,
  importCorpus,
  ...eventStoreDBScenarios,
]
