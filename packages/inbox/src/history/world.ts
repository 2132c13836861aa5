/** What the log has said so far of a conversation, a view and who looks; and what follows. Pure. */
import { accessTo, dependsOnViewerOrTime, users, type User } from '@threadbook/core'
import {
  compileFilter,
  customViewQuery,
  isUnread,
  listStatements,
  seenBy,
  UNREAD,
  viewStatements,
  type ConversationRow,
  type CustomViewRow,
  type InboxRow,
  type ReadStateRow,
  type Statement,
  type Status,
  type TeamRow,
  type ViewKey,
} from '@threadbook/projection-views'
import type { Filter, IsoTime } from '@threadbook/sourcing'
import type { Moment } from './moments.js'

/** Which view is asked about, and as whom. */
export interface Question {
  readonly account: string
  readonly view: ViewKey | { readonly view: string }
  /** Undefined: the whole account. */
  readonly inboxes: readonly string[] | undefined
  readonly viewer: string | undefined
  readonly teams: readonly string[] | 'mine' | undefined
  readonly status: Status | undefined
}

type Row = Readonly<Record<string, unknown>>

export interface World {
  /** Moments come in the order of the log. */
  readonly take: (moment: Moment) => void
  /** Undefined where there is no conversation, or no such view. */
  readonly statements: (now: IsoTime) => readonly Statement[] | undefined
  /** As the statements are asked of it. */
  readonly row: () => Row | undefined
  readonly isIn: (now: IsoTime) => boolean
  /** The filter as it reads at a moment, where the passing of time alone can turn it. */
  readonly filterAt: () => ((now: IsoTime) => Filter) | undefined
}

export const openWorld = (question: Question): World => {
  const { account, view, viewer, teams, status } = question
  const inboxes = new Map<string, InboxRow | undefined>()
  const teamsThere = new Map<string, TeamRow | undefined>()
  let conversation: ConversationRow | undefined
  let custom: CustomViewRow | undefined
  let read: ReadStateRow | undefined
  let user: User = users.initial()

  const teamsOfViewer = (): readonly string[] =>
    viewer === undefined
      ? []
      : [...teamsThere].flatMap(([id, row]) => (row?.members.includes(viewer) === true ? [id] : []))

  const mayLook = (inbox: string): boolean => {
    if (viewer === undefined || user.situation === 'unknown') return true
    const members = inboxes.get(inbox)?.members ?? 'everyone'
    return accessTo({ id: viewer, state: user, teams: teamsOfViewer() }, members) !== 'none'
  }

  /** Whoever is asked about the whole account is shown the inboxes that there are. */
  const mayLookAtAll = ({ inbox }: ConversationRow): boolean =>
    question.inboxes === undefined
      ? mayLook(inbox) && (user.situation === 'unknown' || inboxes.get(inbox) !== undefined)
      : question.inboxes.every(mayLook)

  const isShown = (row: CustomViewRow): boolean => {
    const seen = seenBy(row, viewer)
    if (typeof seen === 'boolean') return seen
    const named = teams === undefined || teams === 'mine' ? [] : teams
    return named.includes(seen.team) || teamsOfViewer().includes(seen.team)
  }

  const queryAt = (row: CustomViewRow, now: IsoTime) =>
    customViewQuery(row, { inboxes: question.inboxes, status, viewer, now })

  const statements = (now: IsoTime): readonly Statement[] | undefined => {
    if (typeof view === 'string')
      return viewStatements(view, {
        account,
        inbox: question.inboxes,
        viewer,
        teams: teams === 'mine' ? teamsOfViewer() : teams,
        status,
      })
    return custom && isShown(custom) ? listStatements(queryAt(custom, now)) : undefined
  }

  const row = (): Row | undefined =>
    conversation && {
      ...conversation,
      [UNREAD]: viewer !== undefined && isUnread(conversation, read),
    }

  return {
    take: (moment) => {
      switch (moment.about) {
        case 'conversation':
          conversation = moment.row
          return
        case 'view':
          custom = moment.row
          return
        case 'readState':
          read = moment.row
          return
        case 'inbox':
          inboxes.set(moment.id, moment.row)
          return
        case 'team':
          teamsThere.set(moment.id, moment.row)
          return
        case 'user':
          user = moment.state
          return
      }
    },
    statements,
    row,
    isIn: (now) => {
      const asked = row()
      return (
        asked !== undefined &&
        mayLookAtAll(conversation!) &&
        statements(now)?.every(({ holds }) => holds(asked)) === true
      )
    },
    filterAt: () => {
      if (custom === undefined || !dependsOnViewerOrTime(custom.filter)) return undefined
      const { filter, zone } = custom
      return (now) => compileFilter(filter, { now, zone, viewer })
    },
  }
}
