/** `threadbook explain`: what put a conversation into a view, and what took it out. */
import type { Inbox } from '@threadbook/inbox'
import type { ViewKey } from '@threadbook/projection-views'
import * as E from 'fp-ts/lib/Either.js'
import type { ExplainArguments } from './arguments.js'
import { explainLines } from './explain-lines.js'
import { isThere, missing, withInbox } from './inbox-place.js'
import type { Screen } from './screen.js'
import { clean } from './terminal-text.js'
import { plainName } from './words.js'

/** A standard view by its name, or a custom one by its name or id. */
const viewNamed = async (
  inbox: Inbox,
  viewer: string,
  name: string,
): Promise<E.Either<string, ViewKey | { readonly view: string }>> => {
  const { catalogue } = inbox.views
  const standard = catalogue.find(({ key }) => plainName(key) === plainName(name))
  if (standard !== undefined) return E.right(standard.key)
  const custom = await inbox.views.custom({ viewer })
  if (E.isLeft(custom))
    return E.left(`the views could not be read: ${clean(JSON.stringify(custom.left))}`)
  const named = custom.right.filter((view) => plainName(view.name) === plainName(name))
  if (named.length > 1)
    return E.left(
      `${clean(name)} is the name of several views: ${named.map(({ id }) => id).join()}`,
    )
  // What is not there may be what was deleted.
  return E.right({ view: named[0]?.id ?? name })
}

/** Answers what to print. */
export const explainView = async (
  { conversationId, view: name, as: viewer, json, ...asked }: ExplainArguments,
  screen: Screen,
): Promise<E.Either<string, string>> =>
  isThere(asked.place)
    ? withInbox(asked, async (inbox) => {
        const view = await viewNamed(inbox, viewer, name)
        if (E.isLeft(view)) return view
        const found = await inbox.explain(conversationId, view.right, { viewer })
        if (E.isRight(found))
          return E.right(
            json ? JSON.stringify(found.right) : explainLines(found.right, screen).join('\n'),
          )
        switch (found.left.type) {
          case 'NoSuchConversation':
            return E.left(`there is no conversation ${clean(conversationId)}`)
          case 'NoSuchView':
            return E.left(
              `there is no view ${clean(name)}; there are ${inbox.views.catalogue.map(({ key }) => key).join(', ')}`,
            )
          default:
            return E.left(`it could not be explained: ${clean(JSON.stringify(found.left))}`)
        }
      })
    : E.left(missing(asked.place))
