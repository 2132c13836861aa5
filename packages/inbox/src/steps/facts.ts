/** What commands need to know of other streams. */
import { accounts, type Edition } from '@threadbook/core'
import type { Step } from './step.js'

/** An account that was never opened may do everything: its host sees to editions, or has none. */
export const editionOf = async ({ transaction, door }: Step): Promise<Edition> => {
  const account = await transaction.load(accounts, door.account)
  return account.situation === 'open' ? account.edition : 'enterprise'
}
