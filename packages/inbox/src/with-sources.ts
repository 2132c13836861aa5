import { conversations, type Present } from '@threadbook/core'
import type { Door } from './door.js'
import { stateOf } from './state-of.js'

/** The conversation itself first, then what was merged into it (D-24). */
export const withSources = async (door: Door, state: Present): Promise<readonly Present[]> => {
  const all = [state]
  for (const source of state.sources) {
    const its = await stateOf(door, conversations, source)
    if (its.situation === 'present') all.push(...(await withSources(door, its)))
  }
  return all
}
