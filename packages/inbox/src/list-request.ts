import type { PageRequest } from '@threadbook/projection-views'

/** Which part of a view: the door's inbox unless told; `'all'` for the whole account. */
export type ListRequest = Omit<PageRequest, 'account' | 'inbox'> & {
  readonly inbox?: string | readonly string[] | undefined
}
