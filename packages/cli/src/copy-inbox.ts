/** `threadbook copy`: the inbox into another store, on from where it was stopped. */
import { copy, type Adapters, type AllCopied, type CopyAllFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { CopyArguments } from './arguments.js'
import { adaptersAt, isThere, missing, whyNot } from './inbox-place.js'
import { placeName, type Place } from './place.js'
import { clean } from './terminal-text.js'
import { counted } from './words.js'

export interface CopyWorld {
  /** Where progress is told. */
  readonly notes: NodeJS.WritableStream
  readonly signal: AbortSignal
}

const GO_ON = 'What was copied stays; the same command again goes on from there.'

const names = (all: readonly string[]): string =>
  [...all.slice(0, 5).map(clean), ...(all.length > 5 ? ['…'] : [])].join(', ')

const faultWords = (fault: CopyAllFault, to: string): string => {
  switch (fault.type) {
    case 'BeginningGone':
      return `the beginning of ${clean(fault.stream)} is gone: its first event there is ${fault.revision}`
    case 'CopyDiffers':
      return `${to} does not hold the same in ${counted(fault.streams.length, 'stream')}: ${names(fault.streams.map(({ stream }) => stream))}`
    case 'OthersThere':
      return `${to} holds other ${fault.what} already: ${names(fault.names)}`
    case 'Conflict':
      return `${to} holds something else in ${clean(fault.stream)} already`
    case 'Unavailable':
      return `a store does not answer: ${clean(fault.reason)}\n${GO_ON}`
    case 'StreamEnded':
    case 'AppendTooLarge':
    case 'InvalidAppend':
      return `${to} cannot take ${clean(fault.stream)}: ${clean(JSON.stringify(fault))}`
  }
}

const copiedWords = (
  from: string,
  to: string,
  { events, streams, blobs, keys }: AllCopied,
): string =>
  `${counted(events, 'event')} of ${counted(streams, 'stream')}, ${counted(blobs, 'blob')} and ${counted(keys, 'key')} ` +
  `copied from ${from} to ${to}, and compared.\n` +
  'Positions and checkpoints do not travel: views are made anew when the copy is opened. ' +
  'Events that were skipped in a view stand still in it again: threadbook parked tells of them.'

const opened = async (place: Place): Promise<E.Either<string, Adapters>> => {
  try {
    return E.right(await adaptersAt(place))
  } catch (error) {
    return E.left(whyNot(error))
  }
}

/** Answers what to print; undefined where it was ended from outside. */
export const copyInbox = async (
  { place, to, json }: CopyArguments,
  { notes, signal }: CopyWorld,
): Promise<E.Either<string, string | undefined>> => {
  if (place.store === 'memory') return E.left('copy: expected a store that keeps something')
  if (!isThere(place)) return E.left(missing(place))
  if (JSON.stringify(place) === JSON.stringify(to))
    return E.left('copy: expected another place than the one that is copied')
  const source = await opened(place)
  if (E.isLeft(source)) return source
  const target = await opened(to)
  if (E.isLeft(target)) {
    await source.right.close()
    return target
  }
  let told = ''
  try {
    const copied = await copy(source.right, target.right, {
      signal,
      onProgress: (what, done) => {
        const line = `Copying ${what}: ${done.toLocaleString('en')}`
        if (line !== told && done % 10_000 < 1_000) notes.write(`${line}\n`)
        told = line
      },
    })
    if (E.isLeft(copied)) return E.left(faultWords(copied.left, placeName(to)))
    return E.right(
      json
        ? JSON.stringify(copied.right)
        : copiedWords(placeName(place), placeName(to), copied.right),
    )
  } catch (error) {
    if (!signal.aborted) throw error
    notes.write(`Ended. ${GO_ON}\n`)
    return E.right(undefined)
  } finally {
    await source.right.close()
    await target.right.close()
  }
}
