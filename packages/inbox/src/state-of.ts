import { Faulted, type Category, type DomainEvent } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'

/** A stream's state outside of any transaction; a fault goes to whoever caught by `answering`. */
export const stateOf = async <S, Event extends DomainEvent>(
  { commands, account }: Door,
  category: Category<never, S, Event, unknown>,
  id: string,
): Promise<S> => {
  const state = await commands.read(account, category, id)
  if (E.isLeft(state)) throw new Faulted(state.left)
  return state.right
}
