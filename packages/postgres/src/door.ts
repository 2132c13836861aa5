import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Unavailable } from '@threadbook/sourcing'
import { asUnavailable, unavailable } from './faults.js'

/** Makes tasks of what asks the database. Each port is closed for itself, though all share a pool. */
export interface Door {
  readonly task: <F, A>(work: () => Promise<E.Either<F, A>>) => TaskEither<F | Unavailable, A>
  readonly close: () => void
}

export const door = (): Door => {
  let open = true
  return {
    task:
      <F, A>(work: () => Promise<E.Either<F, A>>): TaskEither<F | Unavailable, A> =>
      async () => {
        if (!open) return E.left(unavailable('closed'))
        try {
          return await work()
        } catch (error) {
          const fault = asUnavailable(error)
          if (fault === undefined) throw error
          return E.left(fault)
        }
      },
    close: () => {
      open = false
    },
  }
}
