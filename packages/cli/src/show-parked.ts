/** `threadbook parked`: rows that stand still at an event that broke, and the ways on. */
import { user } from '@threadbook/core'
import type { Inbox, ParkedRow } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import type { ParkedArguments } from './arguments.js'
import { isThere, missing, withInbox } from './inbox-place.js'
import type { Looked } from './looked.js'
import type { Screen } from './screen.js'
import { fullTime } from './short-time.js'
import { clean } from './terminal-text.js'

/** As many as are listed at once. */
const MOST = 1_000

const rowLines = (row: ParkedRow, { dim, now }: Screen): readonly string[] => [
  `${clean(row.projection)} ${clean(row.key)}  ${row.type}, ${fullTime(row.recordedAt, now)}` +
    `, ${String(row.waiting)} waiting`,
  dim(`  ${clean(row.error)}`),
]

const list = async (
  { projections }: Inbox,
  screen: Screen,
  json: boolean,
): Promise<E.Either<string, Looked>> => {
  const parked = await projections.parked({ limit: MOST })
  if (E.isLeft(parked)) return E.left(`it could not be read: ${clean(JSON.stringify(parked.left))}`)
  const rows = parked.right
  const lines =
    rows.length === 0 ? ['Nothing is parked.'] : rows.flatMap((row) => rowLines(row, screen))
  const output = json ? JSON.stringify(rows) : lines.join('\n')
  return E.right({ output, isFine: rows.length === 0 })
}

const goOn = async (
  { projections }: Inbox,
  way: NonNullable<ParkedArguments['way']>,
  json: boolean,
): Promise<E.Either<string, Looked>> => {
  const { projection, key } = way
  const done =
    way.do === 'retry'
      ? await projections.retry(projection, key)
      : await projections.skip(projection, key, { reason: way.reason, by: user(way.by) })
  if (E.isLeft(done)) {
    if (done.left.type === 'NothingParked')
      return E.left(`nothing is parked for ${clean(key)} of ${clean(projection)}`)
    return E.left(`it could not be done: ${clean(JSON.stringify(done.left))}`)
  }
  const { folded, broken } = done.right
  const still =
    broken === undefined ? '' : `; it stands still again: ${clean(broken.error ?? broken.type)}`
  const said = `${String(folded)} ${folded === 1 ? 'event' : 'events'} folded${still}`
  const output = json ? JSON.stringify({ folded, broken: broken ?? null }) : said
  return E.right({ output, isFine: broken === undefined })
}

/** Answers what to print. */
export const showParked = async (
  { way, json, ...asked }: ParkedArguments,
  screen: Screen,
): Promise<E.Either<string, Looked>> =>
  isThere(asked.place)
    ? withInbox(asked, (inbox) =>
        way === undefined ? list(inbox, screen, json) : goOn(inbox, way, json),
      )
    : E.left(missing(asked.place))
