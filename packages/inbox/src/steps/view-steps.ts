/** Requests about custom views. */
import {
  accounts,
  customViews,
  hasRole,
  hasTicketsInInbox,
  isSuperAdmin,
  users,
  type Kinds,
  type RequestOf,
} from '@threadbook/core'
import { editionOf } from './facts.js'
import { withIds, type Answer, type Asked, type Step, type Steps } from './step.js'

type ViewRequestType = RequestOf<Kinds['view']['requests'][number]>['type']

const USER = 'user:'

const factsFor = async (actor: string, step: Step) => {
  const { transaction, door } = step
  const account = await transaction.load(accounts, door.account)
  const who = actor.startsWith(USER)
    ? await transaction.load(users, actor.slice(USER.length))
    : undefined
  return {
    edition: await editionOf(step),
    admin: who !== undefined && (isSuperAdmin(who) || hasRole(who, 'admin')),
    tickets: hasTicketsInInbox(account),
    zone: account.situation === 'open' ? account.zone : 'UTC',
  }
}

const onView = async (request: Asked<'ChangeView' | 'DeleteView'>, step: Step): Answer => {
  const { viewId, actor } = request
  const facts = await factsFor(actor, step)
  return withIds({ viewId })(
    await step.transaction.decide(customViews, viewId, { ...request, facts, ...step.times }),
  )
}

export const viewSteps: Steps<ViewRequestType> = {
  CreateView: async (request, step) => {
    const viewId = request.viewId ?? step.newId('view')
    const facts = await factsFor(request.actor, step)
    return withIds({ viewId })(
      await step.transaction.decide(customViews, viewId, { ...request, facts, ...step.times }),
    )
  },
  ChangeView: onView,
  DeleteView: onView,
}
