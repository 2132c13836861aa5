/** For tests of one's own: stories in Given/When/Then, and fast-check generators of the domain. */
export { actors, arbitraryOf, ids, plainArbitraryOf, times } from './arbitrary.js'
export {
  commands,
  events,
  perKind,
  requests,
  type CommandOfKind,
  type EventOfKind,
  type KindName,
} from './generators.js'
export { conversationHistories, play, runs, type Played } from './play.js'
export {
  at,
  by,
  clock,
  recordedAt,
  stories,
  type Outcome,
  type Situation,
  type Told,
} from './story.js'
export { conditions, conversationFilters } from './filters.js'
export { anyText } from './text.js'
