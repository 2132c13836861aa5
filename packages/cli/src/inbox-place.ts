/** The inbox where the command line says it is, as all commands open it. */
import { existsSync } from 'node:fs'
import { openInbox, type Inbox } from '@threadbook/inbox'
import type { Adapters } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { placeName, type Place } from './place.js'
import { clean } from './terminal-text.js'

const IN_MEMORY = ':memory:'

/** Whether there can be something to show: a file that is missing is not made for that. */
export const isThere = (place: Place): boolean =>
  place.store !== 'sqlite' || place.db === IN_MEMORY || existsSync(place.db)

export const missing = (place: Place): string =>
  `${placeName(place)}: there is no such file; import mail into it first`

/** Each store is loaded only where it is asked for. */
export const adaptersAt = async (place: Place): Promise<Adapters> => {
  switch (place.store) {
    case 'memory':
      return (await import('@threadbook/sourcing/memory')).memory()
    case 'sqlite':
      return (await import('@threadbook/sqlite')).sqlite(place.db)
    case 'postgres': {
      const { postgres } = await import('@threadbook/postgres')
      return postgres(place.url, { schema: place.schema })
    }
    case 'eventstoredb': {
      const { eventStoreDB } = await import('@threadbook/eventstoredb')
      return eventStoreDB(place.url, { readModels: await adaptersAt(place.views) })
    }
  }
}

export const whyNot = (error: unknown): string =>
  clean(error instanceof Error ? error.message : String(error))

/** Does the work with the inbox open, and closes it whatever happens. A Left says why it cannot be. */
export const withInbox = async <A>(
  { place, inbox: name }: { readonly place: Place; readonly inbox: string },
  work: (inbox: Inbox) => Promise<E.Either<string, A>>,
): Promise<E.Either<string, A>> => {
  let adapters: Adapters | undefined
  let inbox: Inbox
  try {
    adapters = await adaptersAt(place)
    inbox = await openInbox(adapters, { inbox: name })
  } catch (error) {
    await adapters?.close()
    return E.left(whyNot(error))
  }
  try {
    return await work(inbox)
  } finally {
    await inbox.close()
  }
}
