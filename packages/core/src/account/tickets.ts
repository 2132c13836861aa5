import type { Account } from './state.js'

/** The last day on which an account was created that has tickets in its inbox (S-007). */
const LAST_DAY_WITH_TICKETS = '2024-04-01'

/**
 * S-007, S-060, D-11: by the calendar day of the account's creation in its own zone. An account that
 * was never opened has them: its host sees to that, or does without.
 */
export const hasTicketsInInbox = (account: Account): boolean =>
  account.situation === 'absent' || account.createdOn <= LAST_DAY_WITH_TICKETS
