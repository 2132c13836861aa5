/** Message-IDs: what they are claimed by, and those of our own mail. */
import type { InboxSettings } from '@threadbook/core'
import type { Mac } from './door.js'

/** The name of the claim on a Message-ID, which is claimed once in each inbox (D-23). */
export const messageClaimOf = (mac: Mac, inbox: string, messageId: string): string =>
  mac(`message\n${inbox}\n${messageId}`)

/** The Message-ID under which a message of ours is sent, without angle brackets. */
export const sentMessageId = (messageId: string, settings: InboxSettings | undefined): string => {
  const address = settings?.channels.find(({ channel }) => channel === 'email')?.address
  return `${messageId}@${address?.split('@').at(-1) ?? 'threadbook.invalid'}`
}
