import * as E from 'fp-ts/lib/Either.js'
import type { Append, Appended, Conflict, EventStore, InvalidAppend } from '../event-store.js'
import type { NonEmpty } from '../event.js'
import { subscription, wakeup } from '../subscription.js'
import { door } from './door.js'
import { memoryLog, type Log } from './log.js'

/** `onAppended` runs in the same step as each append, before anybody else can read or write. */
export const storeOver = (log: Log, onAppended: () => void): EventStore => {
  const { task, close } = door()
  const signal = wakeup()

  const append = (
    appends: readonly Append[],
  ): E.Either<InvalidAppend | Conflict, readonly Appended[]> => {
    const appended = log.append(appends)
    if (E.isRight(appended)) {
      onAppended()
      signal.wake()
    }
    return appended
  }

  const readAll: EventStore['readAll'] = (options) => task(() => E.right(log.readAll(options)))
  return {
    append: (one) =>
      task(() => E.map(([appended]: readonly Appended[]) => appended!)(append([one]))),
    appendAll: (appends) =>
      task(() => append(appends) as E.Either<InvalidAppend | Conflict, NonEmpty<Appended>>),
    readStream: (stream, options) => task(() => E.right(log.readStream(stream, options))),
    readAll,
    readStreams: (options) => task(() => E.right(log.readStreams(options))),
    subscribe: (options) => subscription({ readAll, wakeup: signal }, options),
    atomic: true,
    close: async () => {
      close()
      signal.close()
    },
  }
}

export const memoryEventStore = (): EventStore => storeOver(memoryLog(), () => undefined)
