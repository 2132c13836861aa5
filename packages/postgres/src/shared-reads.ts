/**
 * Readers that look in the same moment share a look: at each append all who follow the log wake, and
 * most of them find nothing that concerns them.
 */
import { setImmediate } from 'node:timers/promises'
import { passes, type EventFilter } from '@threadbook/sourcing'
import type { SqlRow } from './question.js'

export interface Look {
  /** Exclusive. */
  readonly after: number
  readonly filter: EventFilter
  readonly limit: number
}

/** As `read_all` answers: positions first, types fourth, streams last. */
interface Seen {
  readonly rows: readonly SqlRow[]
  readonly reached: number
  readonly upTo: number
  readonly last: number
}

/** Positions that readers who share a look may be apart; each is asked for one event more, at most. */
const NEARBY = 256

/** What one of them reads, at least. */
const union = (filters: readonly EventFilter[]): EventFilter => {
  const all = (kind: keyof EventFilter) =>
    filters.every((each) => each[kind] !== undefined) && {
      [kind]: filters.flatMap((each) => each[kind]!),
    }
  return { ...all('types'), ...all('streamPrefixes') }
}

/** In order of where they begin: as many together as are near each other. */
const neighbours = <A extends { readonly look: Look }>(asked: readonly A[]): readonly A[][] => {
  const groups: A[][] = []
  for (const one of asked.toSorted((a, b) => a.look.after - b.look.after)) {
    const group = groups.at(-1)
    if (group !== undefined && one.look.after - group[0]!.look.after <= NEARBY) group.push(one)
    else groups.push([one])
  }
  return groups
}

/** One that sees what each of them would. */
const wideEnough = (looks: readonly Look[]): Look => ({
  after: looks[0]!.after,
  filter: union(looks.map(({ filter }) => filter)),
  // More than what stands before the last of them begins, so that each gets on.
  limit: Math.max(...looks.map(({ limit }) => limit)) + NEARBY,
})

/** What one of those who shared it sees. */
const partOf = ({ rows, reached, ...ends }: Seen, wide: Look, look: Look): Seen => {
  const wanted = passes(look.filter)
  const isFull = rows.length >= wide.limit
  return {
    ...ends,
    rows: rows
      .filter(
        ([position, , , type, , , stream]) =>
          Number(position) > look.after && wanted({ type: type!, stream: stream! }),
      )
      .slice(0, look.limit),
    reached: Math.max(look.after, isFull ? Number(rows.at(-1)![0]) : reached),
  }
}

interface Asked {
  readonly look: Look
  readonly answer: (seen: Seen) => void
  readonly fail: (error: unknown) => void
}

export const shared = (read: (look: Look) => Promise<Seen>): ((look: Look) => Promise<Seen>) => {
  let waiting: Asked[] = []

  const lookFor = async (group: readonly Asked[]): Promise<void> => {
    try {
      const looks = group.map(({ look }) => look)
      const wide = group.length === 1 ? looks[0]! : wideEnough(looks)
      const seen = await read(wide)
      for (const { look, answer } of group) answer(look === wide ? seen : partOf(seen, wide, look))
    } catch (error) {
      for (const { fail } of group) fail(error)
    }
  }

  const lookForAll = async (): Promise<void> => {
    await setImmediate()
    const asked = waiting
    waiting = []
    for (const group of neighbours(asked)) void lookFor(group)
  }

  return (look) =>
    new Promise((answer, fail) => {
      waiting.push({ look, answer, fail })
      if (waiting.length === 1) void lookForAll()
    })
}
