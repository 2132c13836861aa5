import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Unavailable } from '../event-store.js'

/** Makes tasks of synchronous steps, for as long as it is open. */
export interface Door {
  readonly task: <F, A>(step: () => E.Either<F, A>) => TaskEither<F | Unavailable, A>
  readonly close: () => void
}

export const door = (): Door => {
  let open = true
  return {
    task:
      <F, A>(step: () => E.Either<F, A>): TaskEither<F | Unavailable, A> =>
      async () =>
        open ? step() : E.left({ type: 'Unavailable', reason: 'closed' }),
    close: () => {
      open = false
    },
  }
}
