/** What of the log a live list hears of, and what of it each event may change. */
import type { inboxes, teams, users, customViews } from '@threadbook/core'
import {
  columnText,
  streamCategory,
  streamId,
  streamPrefix,
  type EventFilter,
  type EventsOf,
  type Position,
  type RecordedEvent,
} from '@threadbook/sourcing'
import { contactNames } from './contact-names.js'
import { conversationRows } from './conversation-rows.js'
import { readStateProjection } from './read-states.js'

type TypeOf<C extends { readonly events: unknown }> = EventsOf<C['events']>['type']

const membership: readonly TypeOf<typeof inboxes>[] = ['InboxCreated', 'MembersChanged']
const inTeams: readonly TypeOf<typeof teams>[] = [
  'TeamCreated',
  'TeamMemberAdded',
  'TeamMemberRemoved',
  'TeamDeleted',
]
const situation: readonly TypeOf<typeof users>[] = [
  'UserAdded',
  'RolesChanged',
  'UserDeactivated',
  'UserReactivated',
  'UserRemoved',
]
const definition: readonly TypeOf<typeof customViews>[] = ['ViewChanged', 'ViewDeleted']

/** By category: what decides about rows, what is joined to them, and who may see which. */
const heard = {
  conversation: Object.keys(conversationRows.on),
  contact: Object.keys(contactNames.on),
  readState: Object.keys(readStateProjection.on),
  inbox: membership,
  team: inTeams,
  user: situation,
  view: definition,
} satisfies Record<string, readonly string[]>

type About = keyof typeof heard

export interface Touch {
  readonly about: About
  readonly account: string
  /** Of the event's stream. */
  readonly id: string
  readonly revision: number
  readonly position: Position
  /** The one that was read, or marked unread. */
  readonly conversation?: string
}

const types = [...new Set(Object.values(heard).flat())]

/** What `touchOf` knows, of one account or of all. */
export const touchFilter = (account?: string): EventFilter => ({
  types,
  streamPrefixes: Object.keys(heard).map((category) => streamPrefix(category, account)),
})

const isHeard = (category: string, type: string): category is About =>
  Object.hasOwn(heard, category) && (heard[category as About] as readonly string[]).includes(type)

export const touchOf = ({
  type,
  stream,
  revision,
  position,
  metadata,
  data,
}: RecordedEvent): Touch | undefined => {
  const about = streamCategory(stream)
  if (!isHeard(about, type)) return undefined
  const touch = { about, account: metadata.account, id: streamId(stream), revision, position }
  if (about !== 'readState') return touch
  return { ...touch, conversation: (data as { readonly conversation: string }).conversation }
}

/** Something that may have to be told. */
export interface Pending {
  /** A contact stands for its conversations. */
  readonly about: 'conversation' | 'contact'
  readonly id: string
  /** The revisions of its own that touched it; absent where only what is joined to its row did. */
  readonly first?: number
  readonly last?: number
  /** What is joined to its row, its contact's name or what was read, may have changed. */
  readonly joined: boolean
  /** All up to here was told before it. */
  readonly behind: Position
}

export interface Coalesced {
  /** By their first touches, each conversation once. */
  readonly pending: readonly Pending[]
  /** Who may see what, or what the view lists, may have changed. */
  readonly asksAnew: boolean
}

/** Who looks at what. */
export interface Onlooker {
  readonly account: string
  readonly viewer?: string | undefined
  /** A custom view's id. */
  readonly view?: string | undefined
}

/** Touches in the order of the log, the first behind `from`, as what one onlooker may have to be told. */
export const coalesce = (
  touches: readonly Touch[],
  { account, viewer, view }: Onlooker,
  from: Position,
): Coalesced => {
  const pending = new Map<string, Pending>()
  let asksAnew = false
  let behind = from
  const put = (about: Pending['about'], id: string, revision?: number) => {
    const name = `${about}/${id}`
    const there = pending.get(name) ?? { about, id, joined: false, behind }
    pending.set(
      name,
      revision === undefined
        ? { ...there, joined: true }
        : { ...there, first: there.first ?? revision, last: revision },
    )
  }
  for (const touch of touches) {
    if (touch.account !== account) continue
    const { about, id, revision, conversation } = touch
    switch (about) {
      case 'conversation':
        put('conversation', columnText(id), revision)
        break
      case 'contact':
        put('contact', id)
        break
      case 'readState':
        if (id === viewer && conversation !== undefined) put('conversation', conversation)
        break
      case 'user':
        asksAnew ||= id === viewer
        break
      case 'team':
      case 'inbox':
        // Where nobody in particular looks, all is seen.
        asksAnew ||= viewer !== undefined
        break
      case 'view':
        asksAnew ||= id === view
    }
    behind = touch.position
  }
  return { pending: [...pending.values()], asksAnew }
}
