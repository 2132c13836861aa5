/** The reactions that every inbox has, each in a file of its own. */
import type { InboxReaction } from './reaction.js'
import { ownerRemoved, unassignedFromRemoved } from './owner-removed.js'

export const builtIn: readonly InboxReaction[] = [ownerRemoved, unassignedFromRemoved]
