import type { PageRequest } from '@threadbook/projection-views'
import type { AsOf } from './history/as-of/request.js'

/** As it is carried out: the viewer's teams were looked up. */
export type ScopedListRequest = Omit<PageRequest, 'account' | 'inbox'> & {
  readonly inbox?: string | readonly string[] | undefined
}

/** Which part of a view: the door's inbox unless told; `'all'` for the whole account. */
export type ListRequest = Omit<ScopedListRequest, 'teams'> & {
  /**
   * Assigned to me shows what these teams own, too (D-04): those named, or with `'mine'` those that
   * the viewer is in (`addTeamMember`), a thousand at most.
   */
  readonly teams?: readonly string[] | 'mine' | undefined
  /** Of the past: each page is asked for by the same request, with the `next` of the one before. */
  readonly asOf?: AsOf | undefined
}
