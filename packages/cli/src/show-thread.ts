/** `threadbook thread`: one conversation, as the viewer may read it. */
import * as E from 'fp-ts/lib/Either.js'
import type { ThreadArguments } from './arguments.js'
import { isThere, missing, withInbox } from './inbox-place.js'
import type { Screen } from './screen.js'
import { clean } from './terminal-text.js'
import { threadLines } from './thread-lines.js'

/** Answers what to print. */
export const showThread = async (
  asked: ThreadArguments,
  screen: Screen,
): Promise<E.Either<string, string>> =>
  isThere(asked.place)
    ? withInbox(asked, async (inbox) => {
        const found = await inbox.thread(asked.conversationId, { viewer: asked.as })
        if (E.isRight(found))
          return E.right(
            asked.json ? JSON.stringify(found.right) : threadLines(found.right, screen).join('\n'),
          )
        return E.left(
          found.left.type === 'NoSuchThread'
            ? `there is no conversation ${clean(asked.conversationId)}, or none any more`
            : `the conversation could not be read: ${clean(JSON.stringify(found.left))}`,
        )
      })
    : E.left(missing(asked.place))
