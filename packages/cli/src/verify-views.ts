/** `threadbook verify`: views compared with what the log comes to, while they are served. */
import type { Verified } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { VerifyArguments } from './arguments.js'
import { isThere, missing, withInbox } from './inbox-place.js'
import type { Looked } from './looked.js'
import { clean } from './terminal-text.js'

export interface VerifyWorld {
  /** Where progress is told. */
  readonly notes: NodeJS.WritableStream
  readonly signal: AbortSignal
}

const isSame = ({ differences, more, uncompared }: Verified): boolean =>
  differences.length + more + uncompared === 0

const differenceLine = (difference: Verified['differences'][number]): string => {
  if (difference.type === 'counter') {
    const { name, served, replayed } = difference
    return `  counter ${clean(name)}: ${String(served)}, and should be ${String(replayed)}`
  }
  const { type, key, fields, columns } = difference
  // What is in them may be about people.
  const what = [...fields.map(({ field }) => field), ...columns.map((each) => `column ${each}`)]
  return `  ${type} ${clean(key)}${what.length === 0 ? '' : `: ${clean(what.join(', '))}`}`
}

const linesOf = (verified: Verified): readonly string[] => {
  const { projection, rows, counters, differences, more, waiting, uncompared } = verified
  const compared = `${rows.toLocaleString('en')} rows, ${counters.toLocaleString('en')} counters`
  return [
    `${projection}: ${isSame(verified) ? 'as the log has it' : 'differs'} (${compared})`,
    ...differences.map(differenceLine),
    ...(more === 0 ? [] : [`  and ${more.toLocaleString('en')} more`]),
    ...(waiting === 0
      ? []
      : [`  ${waiting.toLocaleString('en')} rows stand still; threadbook parked lists them`]),
    ...(uncompared === 0
      ? []
      : [
          `  ${uncompared.toLocaleString('en')} counters could not be compared: too much stands still`,
        ]),
  ]
}

/** Answers what to print; undefined where it was ended from outside. */
export const verifyViews = async (
  { names, json, ...asked }: VerifyArguments,
  { notes, signal }: VerifyWorld,
): Promise<E.Either<string, Looked | undefined>> => {
  if (!isThere(asked.place)) return E.left(missing(asked.place))
  return withInbox(asked, async ({ projections }) => {
    const known = projections.names
    const unknown = names.find((name) => !known.includes(name))
    if (unknown !== undefined)
      return E.left(`there is no projection ${clean(unknown)}; there are ${known.join(', ')}`)
    const all: Verified[] = []
    for (const name of names.length === 0 ? known : names) {
      notes.write(`${name} …\n`)
      try {
        const verified = await projections.verify(name, { signal })
        if (E.isLeft(verified))
          return E.left(`${name} could not be verified: ${clean(JSON.stringify(verified.left))}`)
        all.push(...verified.right)
      } catch (error) {
        if (signal.aborted) return E.right(undefined)
        throw error
      }
    }
    const output = json ? JSON.stringify(all) : all.flatMap(linesOf).join('\n')
    return E.right({ output, isFine: all.every(isSame) })
  })
}
