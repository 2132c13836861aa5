import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Unavailable } from '@threadbook/sourcing'
import { unavailable } from './faults.js'

/** Each port is closed for itself, though several share a file. */
export interface Door {
  readonly through: <F, A>(task: TaskEither<F, A>) => TaskEither<F | Unavailable, A>
  readonly close: () => void
}

export const door = (): Door => {
  let open = true
  return {
    through:
      <F, A>(task: TaskEither<F, A>): TaskEither<F | Unavailable, A> =>
      () =>
        open ? task() : Promise.resolve(E.left(unavailable('closed'))),
    close: () => {
      open = false
    },
  }
}
