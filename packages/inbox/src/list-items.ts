/** Rows of the list, and as what a person reads them. */
import {
  contactNames,
  conversationRows,
  listItem,
  listKeys,
  type ContactNameRow,
  type ConversationRow,
  type ListItem,
} from '@threadbook/projection-views'
import type { KeyedRow, Rows } from '@threadbook/sourcing'
import type { Door } from './door.js'
import { answer } from './fault.js'
import { readOf } from './unread.js'

/** As a projection is handed to adapters, which know no row types. */
export const rows = conversationRows as unknown as Rows
export const names = contactNames as unknown as Rows

export interface ListPage {
  readonly items: readonly ListItem[]
  /** For the request's `after`; absent on the last page. */
  readonly next?: string
}

const namesOf = async ({ adapters: { readModels } }: Door, contacts: ReadonlySet<string>) =>
  (await answer(readModels.get(names, [...contacts]))) as unknown as ReadonlyMap<
    string,
    ContactNameRow
  >

/** Rows as a person may read them, with contacts' names and all that is sealed opened. */
export const itemsOf = async (
  door: Door,
  found: readonly KeyedRow<ConversationRow>[],
  viewer?: string,
  its = readOf,
): Promise<readonly ListItem[]> => {
  const { vault } = door.adapters
  const contacts = found.flatMap(({ row }) => (row.contact === null ? [] : [row.contact]))
  const ids = found.map(({ key }) => key)
  const [known, read] = await Promise.all([
    namesOf(door, new Set(contacts)),
    viewer === undefined ? undefined : its(door, viewer, ids),
  ])
  const keys = await answer(vault.read(listKeys(found, known)))
  return found.map((row) => listItem(row, known, keys, read))
}
