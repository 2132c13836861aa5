/** S-027, S-112: whoever is removed from the account owns nothing any more. */
import { conversations, unassign, user, users } from '@threadbook/core'
import { filters, streamId } from '@threadbook/sourcing'
import { answer } from '../fault.js'
import { stateOf } from '../state-of.js'
import { rows } from '../views.js'
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

const isRemoved = async (id: string, { door }: ReactionWorld): Promise<boolean> =>
  (await stateOf(door, users, id)).situation === 'removed'

/** Each conversation of somebody who was removed becomes unassigned, by the system. */
export const ownerRemoved = reaction({
  name: 'ownerRemoved',
  of: users,
  from: 'start',
  facts: async (event, world) => {
    const owner = user(streamId(event.stream))
    // Added again meanwhile: what they own since is theirs.
    const gone = await isRemoved(streamId(event.stream), world)
    return { owner, owned: gone ? await ownedBy(owner, world) : [] }
  },
  on: {
    UserRemoved: (_, { owner, owned }) =>
      owned.map((conversationId) =>
        unassign({ conversationId, from: owner, actor: 'system', commandId: conversationId }),
      ),
  },
})

/** Assigned while they were being removed: the rows that `ownerRemoved` read could not tell. */
export const unassignedFromRemoved = reaction({
  name: 'unassignedFromRemoved',
  of: conversations,
  from: 'start',
  facts: async (event, world) => {
    const owner = event.type === 'Assigned' ? event.data.owner : undefined
    return (
      owner?.startsWith('user:') === true && (await isRemoved(owner.slice('user:'.length), world))
    )
  },
  on: {
    Assigned: ({ stream, data }, gone) =>
      gone
        ? [unassign({ conversationId: streamId(stream), from: data.owner, actor: 'system' })]
        : [],
  },
})
