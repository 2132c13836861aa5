/** Which conversation a mail belongs to (domain.md § 4, D-22, D-23): asked of claims, never of views. */
import { leadsTo, messageClaims, type MessageClaim } from '@threadbook/core'
import { destinationOf, type Destination } from '@threadbook/inbox'
import type { Transaction } from '@threadbook/sourcing'
import type { Mail } from './mail.js'

/** Of a mail's many references, so many of the newest are looked at and claimed. */
const MOST_REFERENCES = 30

/** Message-IDs that a mail names, those first that say most: what it answers, then the rest. */
export const idsNamedBy = ({ inReplyTo, references, bounce }: Mail): readonly string[] => [
  ...new Set([
    ...(bounce?.originalIds ?? []),
    ...inReplyTo,
    ...references.slice(0, MOST_REFERENCES),
  ]),
]

type Joins = Extract<Destination, { readonly type: 'joins' }>
type Continues = Extract<Destination, { readonly type: 'continues' }>
export type Place = Joins | Continues

export interface Thread {
  /** Where the mail goes; undefined: it starts a conversation. */
  readonly place: Place | undefined
  /** Other conversations that the mail names too, each once. */
  readonly others: readonly Joins[]
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Wanted mail does not follow an id that only filtered mail refers to: it takes it over (D-23). */
const followed = (state: MessageClaim, wanted: boolean): string | undefined =>
  state.situation === 'claimed' && state.weakly && wanted ? undefined : leadsTo(state)

/**
 * The first hit wins: a plus-address token, then the claims in the order given. `wanted` is mail
 * that the spam rules let through.
 */
export const threadOf = async (
  transaction: Transaction,
  mail: Mail,
  claims: readonly string[],
  wanted: boolean,
): Promise<Thread> => {
  const found = new Map<string, Place>()
  const look = async (conversationId: string) => {
    const destination = await destinationOf(transaction, conversationId)
    if (destination.type !== 'nowhere' && !found.has(destination.conversationId))
      found.set(destination.conversationId, destination)
  }
  for (const { token } of mail.plusTokens) if (UUID.test(token)) await look(token.toLowerCase())
  for (const claim of claims) {
    const conversationId = followed(await transaction.load(messageClaims, claim), wanted)
    if (conversationId !== undefined) await look(conversationId)
  }
  const [place, ...rest] = found.values()
  return { place, others: rest.filter((other): other is Joins => other.type === 'joins') }
}

const isOlder = (a: Joins, b: Joins): boolean =>
  a.state.startedAt === b.state.startedAt
    ? a.conversationId < b.conversationId
    : a.state.startedAt < b.state.startedAt

export interface Joined {
  readonly target: Place
  /** Each goes into the target. */
  readonly sources: readonly Joins[]
}

/**
 * D-23: conversations that one mail names are one, the younger in the older, where both are spam or
 * neither is. Filtered mail joins nothing but spam.
 */
export const joined = (place: Place, others: readonly Joins[], wanted: boolean): Joined => {
  if (place.type !== 'joins') return { target: place, sources: [] }
  const spam = place.state.spam !== undefined
  // What somebody took apart stays apart.
  const alike = others.filter(
    ({ conversationId, state }) =>
      (state.spam !== undefined) === spam && !place.state.apart.has(conversationId),
  )
  if (alike.length === 0 || (!wanted && !spam)) return { target: place, sources: [] }
  const all = [place, ...alike]
  const target = all.reduce((oldest, each) => (isOlder(each, oldest) ? each : oldest))
  return { target, sources: all.filter((each) => each !== target) }
}
