/** `threadbook rebuild`: views built anew while the old ones are served, or the way back. */
import type { Inbox } from '@threadbook/inbox'
import type { RebuildProgress } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { RebuildArguments } from './arguments.js'
import { isThere, missing, withInbox } from './inbox-place.js'
import { progressOn } from './progress.js'
import { clean } from './terminal-text.js'

export interface RebuildWorld {
  /** Where progress is told. */
  readonly notes: NodeJS.WriteStream
  readonly signal: AbortSignal
}

const OUTCOMES = {
  rebuilt: 'built anew; those served before are kept for --roll-back',
  byAnother: 'built anew by another process meanwhile',
  rolledBack: 'those of before are served again',
  nothingKept: 'nothing is kept to go back to',
} as const

/** How many events there are to read, as far as can be told by now. */
const wholeOf = ({ events, share }: RebuildProgress): number =>
  share === undefined || share === 0 ? events : Math.round(events / share)

/** Answers what to print; undefined where it was ended from outside. */
export const rebuildViews = async (
  { names, rollBack, json, ...place }: RebuildArguments,
  { notes, signal }: RebuildWorld,
): Promise<E.Either<string, string | undefined>> => {
  if (!isThere(place.place)) return E.left(missing(place.place))
  const rebuildOne = async ({ projections }: Inbox, name: string) => {
    if (rollBack) return projections.rollback(name, { signal })
    const progress = progressOn(notes, clean(name))
    const onProgress = (one: RebuildProgress) => {
      progress.at(one.events, wholeOf(one))
    }
    try {
      return await projections.rebuild(name, { signal, onProgress })
    } finally {
      progress.end()
    }
  }
  return withInbox(place, async (inbox) => {
    const known = inbox.projections.names
    const unknown = names.find((name) => !known.includes(name))
    if (unknown !== undefined)
      return E.left(`there is no projection ${clean(unknown)}; there are ${known.join(', ')}`)
    const done: Record<string, keyof typeof OUTCOMES> = {}
    for (const name of names.length === 0 ? known : names) {
      try {
        const rebuilt = await rebuildOne(inbox, name)
        if (E.isLeft(rebuilt))
          return E.left(`${name} could not be rebuilt: ${clean(JSON.stringify(rebuilt.left))}`)
        done[name] = rebuilt.right
      } catch (error) {
        if (signal.aborted) return E.right(undefined)
        throw error
      }
    }
    const lines = Object.entries(done).map(([name, outcome]) => `${name}: ${OUTCOMES[outcome]}`)
    return E.right(json ? JSON.stringify(done) : lines.join('\n'))
  })
}
