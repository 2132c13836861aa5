/** Whether a mail that starts a conversation is spam, and why (K-01…K-07, D-08, D-18). Pure. */
import {
  spamCauseOf,
  type KnownSender,
  type SpamCause,
  type SpamRules,
  type Traits,
} from '@threadbook/core'
import { localPart, sameAddress, withoutPlus } from './addresses.js'
import type { Mail } from './mail.js'

/** What the account knows of the mail's sender, and what the inbox filters. */
export interface SpamFacts extends KnownSender {
  readonly teamAddresses: readonly string[]
  readonly rules: SpamRules
  /** In lower case. */
  readonly roleBasedLocalParts: ReadonlySet<string>
}

export type SpamVerdict =
  { readonly spam: false } | { readonly spam: true; readonly cause: SpamCause }

/** What of a mail is judged. */
type Judged = Pick<Mail, 'from' | 'to' | 'kind' | 'bulk' | 'hasSubscriptionLink'>

/** Mail in the team's own name: sent out, or come to itself (K-06). */
export const teamMail = (
  { from, to }: Pick<Mail, 'from' | 'to'>,
  teamAddresses: readonly string[],
): 'sentOut' | 'toItself' | undefined => {
  const isTeam = (address: string): boolean =>
    teamAddresses.some((team) => sameAddress(withoutPlus(address), withoutPlus(team)))
  if (from === undefined || !isTeam(from.address)) return undefined
  return to.some(({ address }) => isTeam(address)) ? 'toItself' : 'sentOut'
}

const isRoleBased = ({ from }: Judged, { roleBasedLocalParts }: SpamFacts): boolean =>
  from !== undefined && roleBasedLocalParts.has(localPart(withoutPlus(from.address)).toLowerCase())

/** What of a mail decides, in the terms that all channels share. */
const traitsOf = (mail: Judged, facts: SpamFacts): Traits => ({
  kind: mail.kind,
  bulk: mail.bulk,
  hasSubscriptionLink: mail.hasSubscriptionLink,
  roleBased: isRoleBased(mail, facts),
  teamToItself: teamMail(mail, facts.teamAddresses) === 'toItself',
})

/** By the precedence of D-08. */
export const judgeSpam = (mail: Judged, facts: SpamFacts): SpamVerdict => {
  const cause = spamCauseOf(facts, traitsOf(mail, facts), facts.rules)
  return cause === undefined ? { spam: false } : { spam: true, cause }
}
