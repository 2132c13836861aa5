import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  checkAppends,
  subscription,
  wakeup,
  type Append,
  type AppendFault,
  type Appended,
  type EventStore,
  type NonEmpty,
} from '@threadbook/sourcing'
import type { Database } from './database.js'
import { door } from './door.js'
import type { Log, StoredEvent } from './log.js'

/** `onStored` hears, inside the transaction, of each event that is new. */
export const eventStoreOver = (
  db: Database,
  log: Log,
  onStored: (stored: StoredEvent) => void,
): EventStore => {
  const { through, close } = door()
  const signal = wakeup(() =>
    db.watch(() => {
      signal.wake()
    }),
  )
  let stored = false
  db.listen({
    forget: () => {
      stored = false
    },
    afterCommit: () => {
      if (!stored) return
      stored = false
      signal.wake()
    },
  })
  const hear = (event: StoredEvent) => {
    stored = true
    onStored(event)
  }

  const appendAll = (appends: readonly Append[]): TaskEither<AppendFault, readonly Appended[]> =>
    through<AppendFault, readonly Appended[]>(async () => {
      const checked = checkAppends(appends)
      return E.isLeft(checked) ? checked : db.write(() => log.append(checked.right, hear))()
    })

  const readAll: EventStore['readAll'] = (options) =>
    through(db.read(() => E.right(log.readAll(options))))

  return {
    append: (append) => async () => {
      const appended = await appendAll([append])()
      return E.isLeft(appended) ? appended : E.right(appended.right[0]!)
    },
    appendAll: (appends) => appendAll(appends) as TaskEither<AppendFault, NonEmpty<Appended>>,
    readStream: (stream, options) =>
      through(db.read(() => E.right(log.readStream(stream, options)))),
    readAll,
    readStreams: (options) => through(db.read(() => E.right(log.readStreams(options)))),
    subscribe: (options) => subscription({ readAll, wakeup: signal }, options),
    atomic: true,
    close: async () => {
      close()
      signal.close()
    },
  }
}
