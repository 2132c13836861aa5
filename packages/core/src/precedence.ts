/** Whether something that starts a conversation is spam, and why: one order for every channel (D-08). */
import type { SpamRules } from './inbox/index.js'
import type { Standing } from './sender-policy/index.js'
import type { MailClass, SpamCause } from './vocabulary.js'

/** What the account knows of the sender: the last word on each (D-08). */
export interface KnownSender {
  readonly addressPolicy?: Standing | undefined
  /** Of the domain of an e-mail address. */
  readonly domainPolicy?: Standing | undefined
  /** Somebody with whom the team has really dealt (D-17). */
  readonly existingContact: boolean
}

/** What a message shows of itself. Mail alone is automatic, bulk, or from a role. */
export interface Traits {
  readonly kind: MailClass
  readonly bulk: boolean
  readonly hasSubscriptionLink: boolean
  /** From a role-based address (K-01). */
  readonly roleBased: boolean
  /** From the team's own address to itself (K-06). */
  readonly teamToItself: boolean
}

/** Of a message that is none of these: what a person typed into a widget, a form or a phone. */
export const personal: Traits = {
  kind: 'personal',
  bulk: false,
  hasSubscriptionLink: false,
  roleBased: false,
  teamToItself: false,
}

/** `wanted` and undefined differ: it ends the search, where undefined leaves it to the next. */
type Opinion = SpamCause | 'wanted' | undefined

type Ask = (sender: KnownSender, traits: Traits, rules: SpamRules) => Opinion

/** Strongest first: the first that has an opinion is right. */
const precedence: readonly Ask[] = [
  ({ addressPolicy }) => {
    if (addressPolicy === 'allowed') return 'wanted'
    return addressPolicy && (addressPolicy === 'blocked' ? 'blockedSender' : 'deniedSender')
  },
  ({ domainPolicy }) => {
    if (domainPolicy === 'allowed') return 'wanted'
    return domainPolicy && (domainPolicy === 'blocked' ? 'blockedDomain' : 'deniedDomain')
  },
  (_, { teamToItself }) => (teamToItself ? 'teamToItself' : undefined),
  // K-07 spares existing contacts, but not their automated responses.
  (_, { kind }, { automated }) => {
    if (automated === 'off') return undefined
    if (kind === 'bounce') return 'bounce'
    return kind === 'automatic' ? 'automatedResponse' : undefined
  },
  // D-18: the guide's letter, for inboxes that want it.
  (_, traits, { roleBased }) =>
    roleBased === 'always' && traits.roleBased ? 'roleBasedSender' : undefined,
  ({ existingContact }) => (existingContact ? 'wanted' : undefined),
  // A mail with the link is marketing, too: the narrower rule names the cause.
  (_, { hasSubscriptionLink }, { subscriptionLink }) =>
    subscriptionLink === 'on' && hasSubscriptionLink ? 'subscriptionLink' : undefined,
  (_, { bulk }, { marketing }) => (marketing === 'on' && bulk ? 'marketing' : undefined),
  (_, traits, { roleBased }) =>
    roleBased !== 'off' && traits.roleBased ? 'roleBasedSender' : undefined,
]

/** Why it is spam; undefined where it is wanted. Pure. */
export const spamCauseOf = (
  sender: KnownSender,
  traits: Traits,
  rules: SpamRules,
): SpamCause | undefined => {
  for (const ask of precedence) {
    const opinion = ask(sender, traits, rules)
    if (opinion !== undefined) return opinion === 'wanted' ? undefined : opinion
  }
  return undefined
}
