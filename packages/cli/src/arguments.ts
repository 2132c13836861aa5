/** What was asked for on the command line. */
import { parseArgs } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { readPlace, readTarget, type Place } from './place.js'

interface Common {
  readonly place: Place
  readonly inbox: string
  /** The id of the user whose views are shown. */
  readonly as: string
  readonly json: boolean
}

export interface ImportArguments extends Common {
  readonly command: 'import'
  /** None: the corpus. */
  readonly paths: readonly string[]
  readonly teamAddress: string
  /** In bytes. */
  readonly maxMailSize: number
}

export interface ViewsArguments extends Common {
  readonly command: 'views'
  /** As typed; none: all of them. */
  readonly views: readonly string[]
  readonly ids: boolean
}

export interface ThreadArguments extends Common {
  readonly command: 'thread'
  readonly conversationId: string
}

export interface ExplainArguments extends Common {
  readonly command: 'explain'
  readonly conversationId: string
  /** As typed: a standard view, or a custom one by its name or id. */
  readonly view: string
}

export interface RebuildArguments extends Common {
  readonly command: 'rebuild'
  /** Of projections; none: all of them. */
  readonly names: readonly string[]
  readonly rollBack: boolean
}

export interface VerifyArguments extends Common {
  readonly command: 'verify'
  /** Of projections; none: all of them. */
  readonly names: readonly string[]
}

export interface HealthArguments extends Common {
  readonly command: 'health'
}

export interface ParkedArguments extends Common {
  readonly command: 'parked'
  /** What is to be done with one of them; undefined: all are listed. */
  readonly way:
    | { readonly do: 'retry'; readonly projection: string; readonly key: string }
    | {
        readonly do: 'skip'
        readonly projection: string
        readonly key: string
        readonly reason: string
        readonly by: string
      }
    | undefined
}

export interface CopyArguments extends Common {
  readonly command: 'copy'
  readonly to: Place
}

export type Arguments =
  | { readonly command: 'help' }
  | ImportArguments
  | ViewsArguments
  | ThreadArguments
  | ExplainArguments
  | RebuildArguments
  | VerifyArguments
  | HealthArguments
  | ParkedArguments
  | CopyArguments

export const usage = `Brings mail into an inbox and shows its views.

  threadbook [import] [OPTIONS] [PATH…]    import, then show the views
  threadbook views [OPTIONS] [VIEW…]       show the views, or more of some of them
  threadbook thread [OPTIONS] ID           show one conversation; views --ids shows the ids
  threadbook explain [OPTIONS] ID VIEW     tell what put a conversation into a view, or took it out
  threadbook rebuild [OPTIONS] [NAME…]     build views anew from the log while they are served
  threadbook verify [OPTIONS] [NAME…]      compare views with what the log comes to
  threadbook health [OPTIONS]              tell how far everything is, and what to look at
  threadbook parked [OPTIONS]              list rows that stand still; --retry or --skip one
  threadbook copy [OPTIONS] TO             copy the inbox to a file or a URL of another store

In a clone of the repository, npm start -- stands for threadbook.

PATH is an .eml file, an mbox file, a Maildir, or a folder of these. Without one, a public
corpus of 6,046 real mails is imported. What is in the inbox already is not imported twice.
A path that is called like a command is written with its folder: ./views

  --db FILE               where the inbox is kept             (./threadbook.db)
  --store NAME            sqlite, memory, postgres or eventstoredb: what keeps it       (sqlite)
  --url URL               of PostgreSQL (postgres://…) or EventStoreDB (esdb://…)
  --schema NAME           in PostgreSQL, where all tables are  (threadbook)
  --views-url URL         beside EventStoreDB, a PostgreSQL for views, keys and attachments;
                          without it they are in --db          (./threadbook.views.db)
  --inbox NAME            the inbox to import into and show   (support)
  --as USER               whose "Assigned to me" is shown     (me)
  --team-address ADDRESS  mail from here was sent by the team (support@example.com)
  --max-mail-size SIZE    larger mail is rejected             (25MB)
  --to-schema NAME        where a copy in PostgreSQL has its tables  (threadbook)
  --to-views PLACE        a file or a URL for what a copy on EventStoreDB keeps beside its log
  --roll-back             with rebuild: serve again what was served before the last one
  --retry PROJECTION KEY  with parked: fold again what is parked for a row
  --skip PROJECTION KEY   with parked: pass over the event that broke, for good
  --reason TEXT           with --skip: why; nothing that a customer wrote
  --by USER               with --skip: who does it
  --ids                   show views with the ids of conversations
  --json                  print a summary for programs, and nothing else
  --help                  print this

The exit status is 0, or 1 where some mail was rejected or could not be read, something differs,
stands still or needs a look, or 2 where nothing could be done, or 130 where you ended it;
what was imported before stays.
`

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** `25MB`, `500 kB`, `1000000`: in bytes, of which a kB has 1,024; undefined where it is no size. */
export const parseSize = (text: string): number | undefined => {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text.trim())
  if (match === null) return undefined
  const bytes = Math.floor(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!)
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined
}

const options = {
  db: { type: 'string' },
  store: { type: 'string' },
  url: { type: 'string' },
  'views-url': { type: 'string' },
  schema: { type: 'string' },
  inbox: { type: 'string', default: 'support' },
  as: { type: 'string', default: 'me' },
  'team-address': { type: 'string', default: 'support@example.com' },
  'max-mail-size': { type: 'string', default: '25MB' },
  'to-schema': { type: 'string' },
  'to-views': { type: 'string' },
  'roll-back': { type: 'boolean', default: false },
  retry: { type: 'boolean', default: false },
  skip: { type: 'boolean', default: false },
  reason: { type: 'string' },
  by: { type: 'string' },
  ids: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false, short: 'h' },
} as const

const parse = (args: readonly string[]) =>
  E.tryCatch(
    () => parseArgs({ args: [...args], options, allowPositionals: true, strict: true }),
    (error) => (error instanceof Error ? error.message : String(error)),
  )

const LONGEST_NAME = 200

interface WayValues {
  readonly retry: boolean
  readonly skip: boolean
  readonly reason?: string | undefined
  readonly by?: string | undefined
}

/** What is to be done with what is parked. */
const readWay = (
  { retry, skip, reason = '', by = '' }: WayValues,
  places: readonly string[],
): E.Either<string, ParkedArguments['way']> => {
  if (!retry && !skip)
    return places.length === 0
      ? E.right(undefined)
      : E.left('parked: expected --retry or --skip before a projection and a key')
  if (retry && skip) return E.left('parked: expected --retry or --skip, not both')
  const [projection = '', key = ''] = places
  if (places.length !== 2 || projection === '' || key === '')
    return E.left('parked: expected a projection and a key; threadbook parked lists them')
  if (retry) return E.right({ do: 'retry', projection, key })
  if (reason.trim() === '') return E.left('--reason: expected why it is passed over')
  if (by === '') return E.left('--by: expected the user who does it')
  return E.right({ do: 'skip', projection, key, reason, by })
}

/** The arguments, or what is wrong with them in words. */
export const readArguments = (args: readonly string[]): E.Either<string, Arguments> => {
  const parsed = parse(args)
  if (E.isLeft(parsed)) return parsed
  const { values, positionals } = parsed.right
  if (values.help) return E.right({ command: 'help' })
  const { inbox, as, json, 'team-address': teamAddress, 'max-mail-size': size } = values
  const place = readPlace(values)
  if (E.isLeft(place)) return place
  for (const name of ['inbox', 'as'] as const)
    if (values[name].length < 1 || values[name].length > LONGEST_NAME)
      return E.left(`--${name}: expected a text of 1 to ${LONGEST_NAME} characters`)
  const [command, ...others] = positionals
  const common = { place: place.right, inbox, as, json }
  if (command === 'views') return E.right({ command, views: others, ids: values.ids, ...common })
  if (command === 'rebuild')
    return E.right({ command, names: others, rollBack: values['roll-back'], ...common })
  if (command === 'verify') return E.right({ command, names: others, ...common })
  if (command === 'health')
    return others.length === 0
      ? E.right({ command, ...common })
      : E.left('health: expected nothing behind it')
  if (command === 'parked')
    return E.map((way: ParkedArguments['way']): Arguments => ({ command, way, ...common }))(
      readWay(values, others),
    )
  if (command === 'copy') {
    const [target = ''] = others
    if (others.length !== 1) return E.left('copy: expected one place to copy to')
    const to = readTarget(target, { views: values['to-views'], schema: values['to-schema'] })
    return E.isLeft(to) ? to : E.right({ command, to: to.right, ...common })
  }
  if (command === 'thread') {
    const [conversationId = ''] = others
    return others.length === 1 && conversationId !== ''
      ? E.right({ command, conversationId, ...common })
      : E.left('thread: expected the id of one conversation; threadbook views --ids shows them')
  }
  if (command === 'explain') {
    const [conversationId = '', view = ''] = others
    return others.length === 2 && conversationId !== '' && view !== ''
      ? E.right({ command, conversationId, view, ...common })
      : E.left('explain: expected the id of a conversation and a view, such as all-open')
  }

  if (!/^[^@\s]+@[^@\s]+$/.test(teamAddress) || teamAddress.length > LONGEST_NAME)
    return E.left('--team-address: expected an address such as support@example.com')
  const maxMailSize = parseSize(size)
  if (maxMailSize === undefined)
    return E.left(`--max-mail-size: expected a size such as 25MB, got ${size}`)
  const paths = command === 'import' ? others : positionals
  if (paths.includes('')) return E.left('PATH: expected a path, got an empty text')
  return E.right({ command: 'import', paths, teamAddress, maxMailSize, ...common })
}
