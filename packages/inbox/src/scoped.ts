/** A question about views, as far as whoever asks may see. */
import type { NoAccess } from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import { scopeSeen } from './access.js'
import type { Door } from './door.js'
import type { ListRequest } from './list-request.js'
import { teamsMeant } from './viewers-teams.js'

/** Access is part of the question: what a viewer may not see is not looked at (D-14). */
export const scoped = async <A extends Pick<ListRequest, 'inbox' | 'viewer' | 'teams'>>(
  door: Door,
  request: A,
) => {
  const { account, inbox } = door
  const asked = request.inbox === 'all' ? undefined : (request.inbox ?? inbox)
  const seen: E.Either<NoAccess, string | readonly string[] | undefined> = await scopeSeen(
    door,
    request.viewer,
    asked,
  )
  if (E.isLeft(seen)) return seen
  const teams = await teamsMeant(door, request)
  return E.right({ ...request, account, inbox: seen.right, teams })
}
