/** What operators passed over for good: rows that are folded from streams pass over it, too. */
import { skipMarks, type Rows, type SkippedEvent } from '@threadbook/sourcing'
import type { Door } from '../door.js'
import { answer } from '../fault.js'

type Of = Pick<Door, 'adapters'>

export const skipsOf = ({ adapters }: Of, projection: Rows): Promise<readonly SkippedEvent[]> =>
  answer(adapters.readModels.skipped(projection))

/** As folds take them. */
export const marksOf = async (of: Of, projection: Rows): Promise<ReadonlySet<string>> =>
  skipMarks(await skipsOf(of, projection))
