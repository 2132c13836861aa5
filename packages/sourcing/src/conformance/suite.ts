/** How a kit runs: cases are data, each on an adapter of its own, gaps are named with a reason. */
import { describe, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

/** A case that an adapter cannot pass, by its name, and why. */
export interface Skip {
  readonly case: string
  readonly reason: string
}

export interface KitOptions<A> {
  readonly skip?: readonly Skip[]
  /** Opens the same data a second time, as another process would; without it such cases are left. */
  readonly beside?: (subject: A) => Promise<A>
  /** Why an option is not given. Its cases are left as one skipped test, which gives this reason. */
  readonly lacks?: { readonly beside?: string }
}

export interface Case<A> {
  readonly name: string
  /** `open` gives further adapters, empty as the first; the kit closes them all. */
  readonly run: (subject: A, open: () => Promise<A>) => Promise<void>
  /** What it may take; as long as any other test unless told. */
  readonly timeoutMs?: number
}

/** A case about two processes at the same data. */
export interface BesideCase<A> {
  readonly name: string
  readonly runBeside: (subject: A, other: A) => Promise<void>
}

/** Cases that need what this adapter does not offer: one gap, however many they are. */
export interface LeftCases {
  readonly about: string
  readonly reason: string
  readonly names: readonly string[]
}

interface Closable {
  readonly close: () => Promise<void>
}

export const suite = <A extends Closable>(
  title: string,
  cases: readonly (Case<A> | BesideCase<A>)[],
  open: () => Promise<A>,
  { skip = [], beside, lacks }: KitOptions<A> = {},
  left: readonly LeftCases[] = [],
): void => {
  const all = [...cases.map(({ name }) => name), ...left.flatMap((one) => one.names)]
  const names = new Set(all)
  if (names.size < all.length) throw new Error(`${title}: two cases of one name`)
  for (const { case: name } of skip)
    if (!names.has(name)) throw new Error(`${title}: there is no case "${name}" to skip`)

  const onOpened = (work: (opened: <B extends A>(one: B) => B) => Promise<void>) => async () => {
    const all: A[] = []
    try {
      await work((one) => {
        all.push(one)
        return one
      })
    } finally {
      for (const one of all.reverse()) await one.close()
    }
  }

  const alone = cases.flatMap((one) =>
    'runBeside' in one && beside === undefined ? [one.name] : [],
  )
  const leftOut: readonly LeftCases[] = [
    ...left,
    {
      about: 'two processes',
      reason: lacks?.beside ?? 'the data can be opened once only',
      names: alone,
    },
  ]

  describe(title, () => {
    for (const { about, reason, names } of leftOut)
      if (names.length > 0)
        it.skip(`${about}: ${String(names.length)} cases (${reason})`, () => undefined)
    for (const one of cases) {
      const gap = skip.find(({ case: name }) => name === one.name)
      if (gap !== undefined) it.skip(`${one.name} (${gap.reason})`, () => undefined)
      else if ('run' in one)
        it(
          one.name,
          onOpened(async (opened) => {
            const another = async () => opened(await open())
            await one.run(await another(), another)
          }),
          one.timeoutMs,
        )
      else if (beside !== undefined)
        it(
          one.name,
          onOpened(async (opened) => {
            const subject = opened(await open())
            await one.runBeside(subject, opened(await beside(subject)))
          }),
        )
    }
  })
}

/** The answer of a task that has to have one. */
export const ok = async <F, A>(task: TaskEither<F, A>): Promise<A> => {
  const answer = await task()
  if (E.isLeft(answer)) throw new Error(`expected an answer, got ${JSON.stringify(answer.left)}`)
  return answer.right
}

/** The fault of a task that has to have one. */
export const faultOf = async <F, A>(task: TaskEither<F, A>): Promise<F> => {
  const answer = await task()
  if (E.isRight(answer)) throw new Error(`expected a fault, got ${JSON.stringify(answer.right)}`)
  return answer.left
}

/** Ends a loop that a faulty adapter would keep going for ever: no timer could, if it never waits. */
export const boundedLoop = (what: string, turns = 20_000): (() => void) => {
  let left = turns
  return () => {
    if (--left < 0) throw new Error(`${what}: no end after ${String(turns)} turns`)
  }
}
