/** Asked for by reactions, and by whoever wants to have it done again. The front door makes other commands of them. */
import { asking, request, type RequestOf } from '../request.js'
import { Id } from '../vocabulary.js'

/** Assigns a conversation that nobody has by its inbox's routing, if anybody can take it (K-09…K-11). */
const Route = request('Route', { conversationId: Id })
export type Route = RequestOf<typeof Route>
export const route = asking(Route)

/** Counts a conversation among its owner's open ones, and no longer among others'. */
const CountWork = request('CountWork', { conversationId: Id })
export type CountWork = RequestOf<typeof CountWork>
export const countWork = asking(CountWork)

export const routingRequests = [Route, CountWork] as const
