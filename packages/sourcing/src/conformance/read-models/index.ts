import type { ReadModels } from '../../read-models.js'
import { suite, type KitOptions } from '../suite.js'
import { applyCases } from './apply.js'
import { findCases } from './find.js'
import { inspectCases } from './inspect.js'
import { leaseCases } from './lease.js'
import { parkedCases } from './parked.js'
import { rowFormCases } from './row-forms.js'
import { setCases } from './sets.js'
import { watchedCases } from './watched.js'
import { watchedRowsCases } from './watched-rows.js'

/** All that read models owe their callers, as tests. `open` gives new ones, with nothing in them. */
export const readModelsConformance = (
  name: string,
  open: () => Promise<ReadModels>,
  options?: KitOptions<ReadModels>,
): void => {
  suite(
    `read models: ${name}`,
    [
      ...applyCases,
      ...rowFormCases,
      ...findCases,
      ...watchedCases,
      ...watchedRowsCases,
      ...leaseCases,
      ...parkedCases,
      ...inspectCases,
      ...setCases,
    ],
    open,
    options,
  )
}
