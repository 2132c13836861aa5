// #region open
import { eventStoreDB } from '@threadbook/eventstoredb'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { postgres } from '@threadbook/postgres'

/** The log on EventStoreDB, and all that is made of it in PostgreSQL. */
export const openApart = async (log: string, views: string): Promise<Inbox> =>
  openInbox(await eventStoreDB(log, { readModels: await postgres(views) }))
// #endregion open
