/** What is watched for views that are gone, or list something else by now, is watched no more. */
import type { CustomViewRow } from '@threadbook/projection-views'
import type { Door } from '../door.js'
import { answer } from '../fault.js'
import { customViewTable } from '../custom-view-table.js'
import { rows } from '../list-items.js'
import { viewOfWatched, watchedFilter } from './watched-view.js'

/** Of this view only, where one is named. Whether there was any. */
export const unwatchStale = async (
  { adapters: { readModels }, account }: Door,
  viewId?: string,
): Promise<boolean> => {
  const names = (await answer(readModels.watched(rows, account))).flatMap((name) => {
    const view = viewOfWatched(name)
    return view === undefined || (viewId !== undefined && view !== viewId) ? [] : [{ name, view }]
  })
  if (names.length === 0) return false
  const views = (await answer(
    readModels.get(customViewTable, [...new Set(names.map(({ view }) => view))]),
  )) as unknown as ReadonlyMap<string, CustomViewRow>
  const stale = names.filter(({ name, view }) => {
    const its = views.get(view)
    return its === undefined || watchedFilter(view, its)?.name !== name
  })
  if (stale.length === 0) return false
  await answer(
    readModels.unwatch(
      rows,
      account,
      stale.map(({ name }) => name),
    ),
  )
  return true
}
