/** What a live list says. */
import type { NoAccess } from '@threadbook/core'
import type { InvalidQuery, ListItem } from '@threadbook/projection-views'
import type { CommandFault, Position } from '@threadbook/sourcing'
import type { NoSuchView } from '../custom-views.js'
import type { ListRequest } from '../list-request.js'

export type ReloadReason =
  /** Nobody said where to begin. */
  | 'started'
  /** More than 10,000 events of the account came since, or it is no position of this log. */
  | 'tooFarBehind'
  /** What the viewer may see became more or less, or may have while nobody was told (K-15). */
  | 'accessChanged'
  /** The custom view is another by now. */
  | 'viewChanged'
  /** The view's filter speaks of how long ago something was, and time passed. */
  | 'timePassed'
  /** More rows changed at once than are told one by one. */
  | 'tooManyChanged'

/**
 * `position` is where to go on from (`from`), also in another process: all up to it was told. A
 * reader puts what entered or changed where it belongs, whether it was there or not, and takes out
 * what left, if it was there. What is said of a conversation is never older than its position.
 */
export type ViewMessage =
  | {
      readonly type: 'entered' | 'changed'
      readonly conversationId: string
      /** As `list` shows it to this viewer, when the message was asked for. */
      readonly item: ListItem
      readonly position: Position
    }
  | { readonly type: 'left'; readonly conversationId: string; readonly position: Position }
  /** Once: all that stood in the log when the subscription began was told. */
  | { readonly type: 'caughtUp'; readonly position: Position }
  /** List anew before the next message is asked for; it goes on from there by itself. */
  | { readonly type: 'reload'; readonly reason: ReloadReason; readonly position: Position }
  /** The last message: nothing of it may be shown any more, or the store refuses for good. */
  | {
      readonly type: 'failed'
      readonly fault: InvalidQuery | NoSuchView | NoAccess | CommandFault
    }

export interface SubscribeRequest extends Pick<
  ListRequest,
  'viewer' | 'teams' | 'inbox' | 'status'
> {
  /** The last position that was told. Left out: it begins with a `reload`. */
  readonly from?: string | undefined
  /** Ends it, also while it waits. */
  readonly signal?: AbortSignal | undefined
}
