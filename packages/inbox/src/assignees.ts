/** Whom a screen offers to find conversations by: users, teams and bots (S-013…S-015). */
import { team, user, type Owner, type UserSituation } from '@threadbook/core'
import { assigneeRows, type AssigneeRow } from '@threadbook/projection-views'
import {
  filters,
  isErased,
  unseal,
  type CommandFault,
  type KeyedRow,
  type Rows,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'
import { answer, answering } from './fault.js'

/** As a projection is handed to adapters, which know no row types. */
export const assigneeTable = assigneeRows as unknown as Rows

export type Assignee =
  | {
      readonly kind: 'user' | 'team'
      /** To search by as `assignee`; with `formerly` where it was removed, and owns nothing now. */
      readonly assignee: Owner
      /** Null where none was told, or it was erased. */
      readonly name: string | null
      /** A team that was deleted is removed. */
      readonly situation: Exclude<UserSituation, 'unknown'>
    }
  /** To search by as `chatflow` (S-014). */
  | { readonly kind: 'bot'; readonly chatflow: string }

export interface AssigneesRequest {
  /** Those who were deactivated or removed, and teams that were deleted, too (S-015). */
  readonly includeGone?: boolean | undefined
}

const AT_ONCE = 1_000

const rowsOf = async (
  door: Door,
  { includeGone = false }: AssigneesRequest,
): Promise<readonly AssigneeRow[]> => {
  const own = filters.is('account', door.account)
  const where = includeGone ? own : { and: [own, filters.is('situation', 'active')] }
  const found: AssigneeRow[] = []
  for (let last: KeyedRow | undefined, more = true; more;) {
    const page: readonly KeyedRow[] = await answer(
      door.adapters.readModels.find(assigneeTable, {
        where,
        order: { column: 'id', direction: 'ascending' },
        after: last && { value: (last.row as unknown as AssigneeRow).id, key: last.key },
        limit: AT_ONCE,
      }),
    )
    found.push(...page.map(({ row }) => row as unknown as AssigneeRow))
    last = page.at(-1)
    more = page.length === AT_ONCE
  }
  return found
}

/** By their ids, bots by their chatflows' names. Users whom the host alone knows are not among them. */
export const readAssignees = (
  door: Door,
  request: AssigneesRequest = {},
): Promise<E.Either<CommandFault, readonly Assignee[]>> =>
  answering(async () => {
    const found = await rowsOf(door, request)
    const sealedUnder = found.flatMap(({ name }) =>
      name !== null && typeof name === 'object' ? [name.k] : [],
    )
    const keys = await answer(door.adapters.vault.read(new Set(sealedUnder)))
    const open = (name: AssigneeRow['name']): string | null => {
      if (name === null || typeof name === 'string') return name
      const text = unseal(name, keys)
      return isErased(text) ? null : text
    }
    return E.right(
      found.map(({ kind, id, name, situation }): Assignee =>
        kind === 'bot'
          ? { kind, chatflow: id }
          : { kind, assignee: kind === 'user' ? user(id) : team(id), name: open(name), situation },
      ),
    )
  })
