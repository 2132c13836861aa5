import { Faulted, type CommandFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

/** The answer of a port in the middle of other work; its fault goes to whoever caught by `answering`. */
export const answer = async <F extends { readonly type: string }, A>(
  asked: TaskEither<F, A>,
): Promise<A> => {
  const answered = await asked()
  if (E.isLeft(answered)) throw new Faulted(answered.left)
  return answered.right
}

/** Does the work; a fault of a port on the way is its Left. */
export const answering = async <R, A>(
  work: () => Promise<E.Either<R, A>>,
): Promise<E.Either<R | CommandFault, A>> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Faulted) return E.left(error.fault as CommandFault)
    throw error
  }
}
