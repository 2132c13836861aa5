/**
 * Saved snapshots of an account's list: ordinary rows under names of their own, each stopped at its
 * place in the log. A few, made when they are asked for; one that was cut off stands where it was.
 */
import { conversationRows } from '@threadbook/projection-views'
import { BoundedMap, Faulted, type Position, type Rows } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../../door.js'
import { answer } from '../../fault.js'
import { rows } from '../../list-items.js'
import type { Making } from './making.js'
import { isBefore, slicesOf, type Place } from './log-slices.js'
import type { Base } from './rows-as-of.js'

/** Of each account: a snapshot takes as much room as its part of the list. */
const MOST_SNAPSHOTS = 3

const known = new BoundedMap<string, readonly Rows[]>(1_000)

const { table } = conversationRows
const UNASKED = /_clock$|^by_contact$/

const snapshotsOf = (account: string): readonly Rows[] => {
  const made =
    known.get(account) ??
    Array.from(
      { length: MOST_SNAPSHOTS },
      (_, n) =>
        ({
          ...conversationRows,
          name: `conversations of ${account} as of ${String(n + 1)}`,
          skipsOf: conversationRows.name,
          // Nobody asks for them, nor for what is due.
          counters: () => [],
          table: { ...table, indexes: table.indexes.filter(({ name }) => !UNASKED.test(name)) },
        }) as unknown as Rows,
    )
  known.set(account, made)
  return made
}

/** The live list, and the snapshots that there are. */
export const basesOf = async ({ adapters, account }: Door): Promise<readonly Base[]> => {
  const { readModels } = adapters
  const bases: Base[] = [
    { projection: rows, checkpoint: await answer(readModels.checkpoint(rows)) },
  ]
  for (const projection of snapshotsOf(account)) {
    // One that was never made is not there to be asked.
    const checkpoint = await readModels.checkpoint(projection)()
    if (E.isRight(checkpoint)) bases.push({ projection, checkpoint: checkpoint.right })
  }
  return bases
}

/** The nearest ones before and behind a place: those worth a try. */
export const nearest = (bases: readonly Base[], position: Position): readonly Base[] => {
  const sorted = [...bases].sort((a, b) =>
    isBefore(a.checkpoint, b.checkpoint) ? -1 : Number(isBefore(b.checkpoint, a.checkpoint)),
  )
  const before = sorted.findLast(({ checkpoint }) => !isBefore(position, checkpoint))
  const behind = sorted.find(({ checkpoint }) => isBefore(position, checkpoint))
  return [before, behind].flatMap((base) => (base === undefined ? [] : [base]))
}

/** Where a snapshot is to end, kept beside it: one that was cut off is known by that. */
const aimOf = ({ name }: Rows): string => `aim of ${name}`

const isCutOff = async ({ adapters }: Door, { projection, checkpoint }: Base): Promise<boolean> =>
  isBefore(checkpoint, await answer(adapters.readModels.readCheckpoint(aimOf(projection))))

/**
 * Which snapshot is made to be that of a place: one that was cut off before it, a new one as long as
 * there is room, else the nearest before it moves on to it, else the last begins anew.
 */
const chosen = async (
  door: Door,
  bases: readonly Base[],
  position: Position,
): Promise<{ readonly projection: Rows; readonly anew: boolean }> => {
  const all = snapshotsOf(door.account)
  const there = bases.filter(({ projection }) => all.includes(projection))
  for (const base of there)
    if (!isBefore(position, base.checkpoint) && (await isCutOff(door, base)))
      return { projection: base.projection, anew: false }
  const free = all.find((each) => there.every(({ projection }) => projection !== each))
  if (free !== undefined) return { projection: free, anew: false }
  const [before] = nearest(there, position)
  if (before !== undefined && !isBefore(position, before.checkpoint))
    return { projection: before.projection, anew: false }
  return { projection: all.at(-1)!, anew: true }
}

/** Makes a snapshot of a place. Another process at the same one helps, or is helped. */
export const makeSnapshot = async (
  door: Door,
  bases: readonly Base[],
  position: Position,
  { signal, onProgress }: Making,
): Promise<void> => {
  const { readModels } = door.adapters
  const { projection, anew } = await chosen(door, bases, position)
  if (anew) await answer(readModels.drop(projection))
  await answer(readModels.open(projection))
  await answer(readModels.writeCheckpoint(aimOf(projection), position))
  let handled = 0
  let after: Place = await answer(readModels.checkpoint(projection))
  for await (const slice of slicesOf(door, after, signal)) {
    const events = slice.events.filter((event) => !isBefore(position, event.position))
    const upTo = slice.end || isBefore(position, slice.position) ? position : slice.position
    const applied = await readModels.apply(projection, { events, after, position: upTo })()
    if (E.isLeft(applied)) {
      if (applied.left.type === 'CheckpointMoved') return
      throw new Faulted(applied.left)
    }
    onProgress?.((handled += events.length))
    after = upTo
    if (upTo === position) return
  }
}

/** Takes all of an account's snapshots away. */
export const dropSnapshots = async ({ adapters, account }: Door): Promise<void> => {
  for (const projection of snapshotsOf(account)) await answer(adapters.readModels.drop(projection))
}
