/** One thing that the CRM is asked to do because of an event. */
import type { Crm, CrmChange, CrmRefusal } from '@threadbook/core'
import { Faulted } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { ReactionWorld } from './reaction.js'

/** The id of the record that was made, where one was, or why it never will. Else it is tried again. */
export const ask = async (
  { door }: ReactionWorld,
  crm: Crm,
  change: CrmChange,
  key: string,
): Promise<E.Either<CrmRefusal, string | undefined>> => {
  const answered = await crm.change(door.account, change, key)()
  if (E.isRight(answered)) return answered
  if (answered.left.type === 'Unavailable') throw new Faulted(answered.left)
  return E.left(answered.left)
}

/** As `ask`, where a refusal can be told to nobody: the event is parked, for an operator to see. */
export const insist = async (...asked: Parameters<typeof ask>): Promise<void> => {
  const answered = await ask(...asked)
  if (E.isLeft(answered)) throw new Faulted(answered.left)
}
