import type { Fixture, Scenario } from '../scenario.js'
import { appendMany, appendOne } from './append.js'
import { appendSealed, sealingCost } from './append-sealed.js'
import { eventStoreDBScenarios } from './eventstoredb.js'
import { importCorpus } from './import-corpus.js'

export const scenarios: readonly Scenario[] = [
  appendOne,
  appendMany,
  appendSealed,
  sealingCost,
  importCorpus,
  ...eventStoreDBScenarios,
]

export const fixtures: readonly Fixture[] = [
  ...new Set(scenarios.flatMap(({ fixture }) => (fixture === undefined ? [] : [fixture]))),
]
