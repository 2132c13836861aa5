import { accept, refuse, type Decision } from '@threadbook/sourcing'
import { capabilityAllowed, needsEdition } from '../capabilities.js'
import { attributeOf, isFilterableInViews } from '../filter/attributes.js'
import { conditionsOf, type ConversationFilter } from '../filter/types.js'
import type { Stamped } from '../request.js'
import type { ChangeView, CreateView, ViewCommand, ViewRefusal } from './commands.js'
import type { ViewEvent } from './events.js'
import type { CustomView, PresentView } from './state.js'

type Answer = Decision<ViewRefusal, ViewEvent>

/** K-08: what no view is made of, and tickets only where there are any. */
const unfilterable = (filter: ConversationFilter, tickets: boolean): string | undefined =>
  conditionsOf(filter)
    .map(({ attribute }) => attribute)
    .find(
      (attribute) =>
        !isFilterableInViews(attribute) || (!tickets && attributeOf(attribute)?.about === 'ticket'),
    )

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const create = (command: Stamped<CreateView>, state: CustomView): Answer => {
  const { name, filter, visibility = { to: 'me' }, sort = 'newestFirst', actor, facts } = command
  if (state.situation === 'deleted') return refuse({ type: 'NoSuchView', situation: 'deleted' })
  const data = { name, visibility, filter, sort, zone: facts.zone }
  if (state.situation === 'present') {
    const { owner, name, visibility, filter, sort, zone } = state
    return owner === actor && same({ name, visibility, filter, sort, zone }, data)
      ? accept()
      : refuse({ type: 'ViewExists' })
  }
  const attribute = unfilterable(filter, facts.tickets)
  if (attribute !== undefined) return refuse({ type: 'NotFilterable', attribute })
  return accept({ type: 'ViewCreated', data })
}

const change = (command: Stamped<ChangeView>, state: PresentView): Answer => {
  const { name, filter, visibility, sort, facts } = command
  const attribute = filter && unfilterable(filter, facts.tickets)
  if (attribute !== undefined) return refuse({ type: 'NotFilterable', attribute })
  const data = {
    ...(name !== undefined && name !== state.name && { name }),
    ...(visibility !== undefined && !same(visibility, state.visibility) && { visibility }),
    ...(filter !== undefined && !same(filter, state.filter) && { filter }),
    ...(sort !== undefined && sort !== state.sort && { sort }),
  }
  return Object.keys(data).length === 0 ? accept() : accept({ type: 'ViewChanged', data })
}

export const decide = (command: Stamped<ViewCommand>, state: CustomView): Answer => {
  const { facts, actor } = command
  // Deleting is left to everybody, whatever the edition is by now.
  if (command.type !== 'DeleteView' && !capabilityAllowed('customViews', facts.edition))
    return refuse(needsEdition('customViews'))
  if (command.type === 'CreateView') return create(command, state)
  if (command.type === 'DeleteView' && state.situation === 'deleted') return accept()
  if (state.situation !== 'present')
    return refuse({ type: 'NoSuchView', situation: state.situation })
  if (actor !== state.owner && !facts.admin && actor !== 'system')
    return refuse({ type: 'NotYourView', owner: state.owner })
  switch (command.type) {
    case 'ChangeView':
      return change(command, state)
    case 'DeleteView':
      return accept({ type: 'ViewDeleted', data: {} })
  }
}
