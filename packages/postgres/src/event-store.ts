import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  subscription,
  type Append,
  type Appended,
  type AppendFault,
  type EventStore,
  type NonEmpty,
} from '@threadbook/sourcing'
import { door } from './door.js'
import { MOST_APPEND_BYTES } from './append.js'
import type { Log } from './log.js'
import type { News } from './news.js'

export const eventStoreOver = (log: Log, news: News): EventStore => {
  const { task, close } = door()

  const append = (appends: readonly Append[]) =>
    task<AppendFault, readonly Appended[]>(async () => {
      const answer = await log.append(appends)
      if (E.isRight(answer)) news.tell()
      return answer
    })
  const readAll: EventStore['readAll'] = (options) =>
    task(async () => E.right(await log.readAll(options)))

  return {
    append: (one) => TE.map(([appended]: readonly Appended[]) => appended!)(append([one])),
    appendAll: (appends) => append(appends) as TE.TaskEither<AppendFault, NonEmpty<Appended>>,
    readStream: (stream, options) =>
      task(async () => E.right(await log.readStream(stream, options))),
    readAll,
    readStreams: (options) => task(async () => E.right(await log.readStreams(options))),
    subscribe: (options) => subscription({ readAll, wakeup: news.wakeup }, options),
    atomic: true,
    maxAppendBytes: MOST_APPEND_BYTES,
    close: async () => {
      close()
      await news.close()
    },
  }
}
