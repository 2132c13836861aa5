/** `threadbook views`, and what an import ends with: each view with its count and first rows. */
import type { Inbox } from '@threadbook/inbox'
import type { View } from '@threadbook/projection-views'
import * as E from 'fp-ts/lib/Either.js'
import type { ViewsArguments } from './arguments.js'
import { isThere, missing, withInbox } from './inbox-place.js'
import type { Screen } from './screen.js'
import { clean } from './terminal-text.js'
import { viewLines } from './view-lines.js'
import { plainName } from './words.js'

const FIRST_ROWS = 5
const MORE_ROWS = 25

const faultWords = (doing: string, fault: { readonly type: string }): string =>
  `${doing}: ${clean(JSON.stringify(fault))}`

/** Views without a row stand close together, the others apart. */
const apart = (blocks: readonly (readonly string[])[]): readonly string[] =>
  blocks.flatMap((block, at) => {
    const before = blocks[at - 1]
    return before !== undefined && (before.length > 1 || block.length > 1) ? ['', ...block] : block
  })

interface Shown {
  readonly views?: readonly View[]
  readonly rows?: number
  readonly ids?: boolean
}

export const viewsAsText = async (
  inbox: Inbox,
  viewer: string,
  screen: Screen,
  { views = inbox.views.catalogue, rows = FIRST_ROWS, ids = false }: Shown = {},
): Promise<E.Either<string, string>> => {
  const counts = await inbox.views.counts({ viewer })
  if (E.isLeft(counts)) return E.left(faultWords('the views could not be counted', counts.left))
  const blocks: (readonly string[])[] = []
  for (const view of views) {
    const page = await inbox.views.list(view.key, { viewer, limit: rows })
    if (E.isLeft(page)) return E.left(faultWords(`${view.name} could not be listed`, page.left))
    const count = counts.right.views[view.key]
    blocks.push(viewLines({ view, count, items: page.right.items }, screen, { ids }))
  }
  return E.right(apart(blocks).join('\n'))
}

/** For programs: the counts, after what else is to be told. */
export const summary = async (
  inbox: Inbox,
  viewer: string,
  more: object = {},
): Promise<E.Either<string, string>> => {
  const counts = await inbox.views.counts({ viewer })
  if (E.isLeft(counts)) return E.left(faultWords('the views could not be counted', counts.left))
  const { conversations, views, spamCauses } = counts.right
  return E.right(JSON.stringify({ ...more, conversations, views, spamCauses }))
}

const viewsNamed = (
  catalogue: readonly View[],
  names: readonly string[],
): E.Either<string, Shown> => {
  if (names.length === 0) return E.right({})
  const known = new Map(catalogue.map((view) => [plainName(view.key), view]))
  const unknown = names.find((name) => !known.has(plainName(name)))
  if (unknown !== undefined)
    return E.left(
      `there is no view ${clean(unknown)}; there are ${catalogue.map(({ key }) => key).join(', ')}`,
    )
  return E.right({ views: names.map((name) => known.get(plainName(name))!), rows: MORE_ROWS })
}

/** Answers what to print. */
export const showViews = async (
  asked: ViewsArguments,
  screen: Screen,
): Promise<E.Either<string, string>> =>
  isThere(asked.place)
    ? withInbox(asked, async (inbox) => {
        const wanted = viewsNamed(inbox.views.catalogue, asked.views)
        if (E.isLeft(wanted)) return wanted
        return asked.json
          ? summary(inbox, asked.as)
          : viewsAsText(inbox, asked.as, screen, { ...wanted.right, ids: asked.ids })
      })
    : E.left(missing(asked.place))
