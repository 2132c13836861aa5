/** S-027, S-112: whoever is removed from the account owns nothing any more, nor does a team that is deleted. */
import {
  conversations,
  team,
  teams,
  unassign,
  user,
  users,
  type Owner,
  type Request,
  type TeamEvent,
  type UserEvent,
} from '@threadbook/core'
import { filters, streamId } from '@threadbook/sourcing'
import { answer } from '../fault.js'
import { stateOf } from '../state-of.js'
import { rows } from '../list-items.js'
import { reaction, type ReactionWorld } from './reaction.js'

const { and, is } = filters
const AT_ONCE = 1_000

/** Whatever state it is in: what is restored or reopened later is not theirs either. */
const ownedBy = async (
  owner: string,
  { door, upToDate }: ReactionWorld,
): Promise<readonly string[]> => {
  await upToDate()
  const owned: string[] = []
  for (let after: { value: string; key: string } | undefined; ;) {
    const found = await answer(
      door.adapters.readModels.find(rows, {
        where: and(is('account', door.account), is('owner', owner)),
        order: { column: 'firstActivityAt', direction: 'ascending' },
        ...(after && { after }),
        limit: AT_ONCE,
      }),
    )
    owned.push(...found.map(({ key }) => key))
    const last = found.at(-1)
    if (last === undefined || found.length < AT_ONCE) return owned
    after = { value: last.row.firstActivityAt as string, key: last.key }
  }
}

const isGone = async (owner: Owner, { door }: ReactionWorld): Promise<boolean> => {
  const id = owner.slice(owner.indexOf(':') + 1)
  return owner.startsWith('user:')
    ? (await stateOf(door, users, id)).situation === 'removed'
    : (await stateOf(door, teams, id)).situation === 'deleted'
}

interface Left {
  readonly owner: Owner
  readonly owned: readonly string[]
}

/** Nothing where they were added again meanwhile: what they own since is theirs. */
const leftBy = async (owner: Owner, world: ReactionWorld): Promise<Left> => ({
  owner,
  owned: (await isGone(owner, world)) ? await ownedBy(owner, world) : [],
})

const unassigning = (_: unknown, { owner, owned }: Left): readonly Request[] =>
  owned.map((conversationId) =>
    unassign({ conversationId, from: owner, actor: 'system', commandId: conversationId }),
  )

/** Each conversation of somebody who was removed becomes unassigned, by the system. */
export const ownerRemoved = reaction<UserEvent, Left>({
  name: 'ownerRemoved',
  of: users,
  from: 'start',
  facts: ({ stream }, world) => leftBy(user(streamId(stream)), world),
  on: { UserRemoved: unassigning },
})

export const teamDeleted = reaction<TeamEvent, Left>({
  name: 'teamDeleted',
  of: teams,
  from: 'start',
  facts: ({ stream }, world) => leftBy(team(streamId(stream)), world),
  on: { TeamDeleted: unassigning },
})

/** Assigned while they were being removed: the rows that `ownerRemoved` read could not tell. */
export const unassignedFromRemoved = reaction({
  name: 'unassignedFromRemoved',
  of: conversations,
  from: 'start',
  facts: async (event, world) =>
    event.type === 'Assigned' && (await isGone(event.data.owner, world)),
  on: {
    Assigned: ({ stream, data }, gone) =>
      gone
        ? [unassign({ conversationId: streamId(stream), from: data.owner, actor: 'system' })]
        : [],
  },
})
