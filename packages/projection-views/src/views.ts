/** The standard views as data (S-021…S-040): each is a filter over a conversation's facts (D-02). */
import { team, user } from '@threadbook/core'
import { filters, type Filter } from '@threadbook/sourcing'

const { and, is, isOneOf } = filters

export type ViewKey =
  | 'unassigned'
  | 'assignedToMe'
  | 'allOpen'
  | 'chat'
  | 'bots'
  | 'email'
  | 'messenger'
  | 'forms'
  | 'calls'
  | 'allClosed'
  | 'sent'
  | 'spam'
  | 'trash'

export type Status = 'open' | 'closed' | 'any'
/** The last message decides (S-019), or since when an answer is awaited (D-13). */
export type Sort = 'newestFirst' | 'oldestFirst' | 'longestWaiting'

export interface View {
  readonly key: ViewKey
  readonly name: string
  /** In the sidebar at once, or behind More (S-023). */
  readonly shown: 'always' | 'more'
  /** Unless the viewer chose the other (S-019). */
  readonly sort: Sort
  /** Unless the viewer chose another; `statusChoice` says whether that can be. */
  readonly status: Status
  readonly statusChoice: boolean
  /** Its owner term depends on who looks. */
  readonly perViewer: boolean
  /** What holds for each of its conversations, apart from account, inbox, status and viewer. */
  readonly where: readonly Filter[]
}

// The steps of D-04. Not purged goes without saying: a purged conversation has no row.
const base = [is('merged', false), is('onHelpDesk', false)]
const wanted = [...base, is('trashed', false), is('spam', false)]
const working = [...wanted, is('hasInbound', true)]

const view = (
  key: ViewKey,
  name: string,
  where: readonly Filter[],
  differing: Partial<View> = {},
): View => ({
  key,
  name,
  shown: 'more',
  sort: 'newestFirst',
  status: 'any',
  statusChoice: true,
  perViewer: false,
  where,
  ...differing,
})

const always = { shown: 'always' } as const
const fixed = (status: Status) => ({ status, statusChoice: false })

/** In the order of the list. */
export const views: readonly View[] = [
  view(
    'unassigned',
    'Unassigned',
    [...working, is('owner', null), is('heldByBot', false), is('snoozed', false)],
    { ...always, status: 'open' },
  ),
  view(
    'assignedToMe',
    'Assigned to me',
    // Who is owned was owned ever: said, because an index can be made for it (and not for "not null").
    [...working, is('everOwned', true), is('snoozed', false)],
    { ...always, status: 'open', perViewer: true },
  ),
  view('allOpen', 'All open', working, { ...always, ...fixed('open') }),
  view('chat', 'Chat', [...working, is('channel', 'chat')], always),
  view('bots', 'Bots', [...working, is('botTookPart', true), is('everOwned', false)]),
  view('email', 'Email', [...working, is('channel', 'email')]),
  view('messenger', 'Messenger', [...working, is('channel', 'messenger')]),
  view('forms', 'Forms', [...working, is('channel', 'form')]),
  view('calls', 'Calls', [...working, is('channel', 'call')]),
  view('allClosed', 'All closed', wanted, fixed('closed')),
  view('sent', 'Sent', [...wanted, is('lastDirection', 'outgoing'), is('lastChannel', 'email')]),
  view('spam', 'Spam', [...base, is('spam', true), is('trashed', false)]),
  view('trash', 'Trash', [...base, is('trashed', true)]),
]

const byKey: ReadonlyMap<string, View> = new Map(views.map((each) => [each.key, each]))

export const isViewKey = (key: string): key is ViewKey => byKey.has(key)
export const viewOf = (key: ViewKey): View => byKey.get(key)!

/** Which part of a view is meant. The account is always named (D-16). */
export interface ViewScope {
  readonly account: string
  /** One inbox, several, or the whole account where left out. */
  readonly inbox?: string | readonly string[] | undefined
  /** The id of the user who looks. */
  readonly viewer?: string | undefined
  /** The viewer's teams, where Assigned to me shall show theirs too (D-04). */
  readonly teams?: readonly string[] | undefined
  /** The view's own default unless told. */
  readonly status?: Status | undefined
}

/** A scope in single values; an empty list means nothing at all. */
export interface ViewPart {
  readonly account: string
  readonly inboxes: readonly string[] | undefined
  /** Looked at by views per viewer only. */
  readonly owners: readonly string[]
  readonly status: Status | undefined
}

export const partOf = ({ account, inbox, viewer, teams = [], status }: ViewScope): ViewPart => ({
  account,
  inboxes: typeof inbox === 'string' ? [inbox] : inbox && [...new Set(inbox)],
  owners: viewer === undefined ? [] : [user(viewer), ...new Set(teams.map((each) => team(each)))],
  status,
})

const oneOf = (attribute: string, values: readonly string[]): Filter =>
  values.length === 1 ? is(attribute, values[0]!) : isOneOf(attribute, values)

const statusTerm = (status: Status): readonly Filter[] =>
  status === 'any' ? [] : [is('status', status)]

export const partFilter = (key: ViewKey, part: ViewPart): Filter => {
  const { where, perViewer, status, statusChoice } = viewOf(key)
  return and(
    is('account', part.account),
    ...(part.inboxes === undefined ? [] : [oneOf('inbox', part.inboxes)]),
    ...where,
    ...(perViewer ? [oneOf('owner', part.owners)] : []),
    ...(statusChoice ? [] : statusTerm(status)),
    ...statusTerm(part.status ?? (statusChoice ? status : 'any')),
  )
}

/** A view's conversations as a filter over the columns of `conversationRows`. */
export const viewFilter = (key: ViewKey, scope: ViewScope): Filter => partFilter(key, partOf(scope))
