/** Whether a mail that starts a conversation is spam, and why (K-01…K-07, D-08, D-18). Pure. */
import type { SpamCause, SpamRules, Standing } from '@threadbook/core'
import { localPart, sameAddress, withoutPlus } from './addresses.js'
import type { Mail } from './mail.js'

/** What the account knows of the mail's sender, and what the inbox filters. */
export interface SpamFacts {
  readonly addressPolicy?: Standing | undefined
  readonly domainPolicy?: Standing | undefined
  readonly existingContact: boolean
  readonly teamAddresses: readonly string[]
  readonly rules: SpamRules
  /** In lower case. */
  readonly roleBasedLocalParts: ReadonlySet<string>
}

export type SpamVerdict =
  { readonly spam: false } | { readonly spam: true; readonly cause: SpamCause }

/** What of a mail is judged. */
type Judged = Pick<Mail, 'from' | 'to' | 'kind' | 'bulk' | 'hasSubscriptionLink'>

const wanted: SpamVerdict = { spam: false }
const spam = (cause: SpamCause): SpamVerdict => ({ spam: true, cause })

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

/** The precedence of D-08: the first that has an answer. */
const precedence: readonly ((mail: Judged, facts: SpamFacts) => SpamVerdict | undefined)[] = [
  (_, { addressPolicy }) => {
    if (addressPolicy === 'allowed') return wanted
    return addressPolicy && spam(addressPolicy === 'blocked' ? 'blockedSender' : 'deniedSender')
  },
  (_, { domainPolicy }) => {
    if (domainPolicy === 'allowed') return wanted
    return domainPolicy && spam(domainPolicy === 'blocked' ? 'blockedDomain' : 'deniedDomain')
  },
  (mail, { teamAddresses }) =>
    teamMail(mail, teamAddresses) === 'toItself' ? spam('teamToItself') : undefined,
  // K-07 spares existing contacts, but not their automated responses.
  ({ kind }, { rules }) => {
    if (rules.automated === 'off') return undefined
    if (kind === 'bounce') return spam('bounce')
    return kind === 'automatic' ? spam('automatedResponse') : undefined
  },
  (mail, facts) =>
    facts.rules.roleBased === 'always' && isRoleBased(mail, facts)
      ? spam('roleBasedSender')
      : undefined,
  (_, { existingContact }) => (existingContact ? wanted : undefined),
  // A mail with the link is marketing, too: the narrower rule names the cause.
  ({ hasSubscriptionLink }, { rules }) =>
    rules.subscriptionLink === 'on' && hasSubscriptionLink ? spam('subscriptionLink') : undefined,
  ({ bulk }, { rules }) => (rules.marketing === 'on' && bulk ? spam('marketing') : undefined),
  (mail, facts) =>
    facts.rules.roleBased !== 'off' && isRoleBased(mail, facts)
      ? spam('roleBasedSender')
      : undefined,
]

export const judgeSpam = (mail: Judged, facts: SpamFacts): SpamVerdict => {
  for (const answer of precedence) {
    const verdict = answer(mail, facts)
    if (verdict !== undefined) return verdict
  }
  return wanted
}
