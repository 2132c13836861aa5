/** Whether a mail that starts a conversation is spam, and why (K-01…K-07, D-08, D-18). Pure. */
import { localPart, sameAddress, withoutPlus } from './addresses.js'
import type { Mail } from './mail.js'

export type SenderPolicy = 'blocked' | 'denied' | 'allowed'

/** K-02; `always` spares no existing contact (D-18). */
export interface SpamRules {
  readonly automated: 'on' | 'off'
  readonly marketing: 'on' | 'off'
  readonly subscriptionLink: 'on' | 'off'
  readonly roleBased: 'on' | 'off' | 'always'
}

/** What the account knows of the mail's sender. */
export interface SpamFacts {
  readonly addressPolicy?: SenderPolicy | undefined
  readonly domainPolicy?: SenderPolicy | undefined
  readonly existingContact: boolean
  readonly teamAddresses: readonly string[]
  readonly rules: SpamRules
  /** In lower case. */
  readonly roleBasedLocalParts: ReadonlySet<string>
}

/** Core's `SpamCause`, but for `marked`, which only a person gives. */
export type FilterCause =
  | 'blockedSender'
  | 'deniedSender'
  | 'blockedDomain'
  | 'deniedDomain'
  | 'teamToItself'
  | 'bounce'
  | 'automatedResponse'
  | 'subscriptionLink'
  | 'marketing'
  | 'roleBasedSender'

export type SpamVerdict =
  { readonly spam: false } | { readonly spam: true; readonly cause: FilterCause }

/** What of a mail is judged. */
export type Judged = Pick<Mail, 'from' | 'to' | 'kind' | 'bulk' | 'hasSubscriptionLink'>

export const allSpamRules: SpamRules = {
  automated: 'on',
  marketing: 'on',
  subscriptionLink: 'on',
  roleBased: 'on',
}

/** K-01; an inbox may have others. */
export const roleBasedLocalParts: ReadonlySet<string> = new Set([
  ...['abuse', 'admin', 'alert', 'billing', 'compliance', 'devnull', 'dns', 'finance', 'ftp'],
  ...['hostmaster', 'info', 'infrastructure', 'inoc', 'ispfeedback', 'ispsupport', 'it', 'list'],
  ...['list-request', 'maildaemon', 'mailer-daemon', 'marketing', 'no-reply', 'noc', 'noreply'],
  ...['null', 'phish', 'phishing', 'postmaster', 'privacy', 'registrar', 'root', 'sales'],
  ...['security', 'spam', 'support', 'sysadmin', 'tech', 'undisclosed-recipients'],
  ...['unsubscribe', 'usenet', 'uucp', 'webmaster', 'www'],
])

const wanted: SpamVerdict = { spam: false }
const spam = (cause: FilterCause): SpamVerdict => ({ spam: true, cause })

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
