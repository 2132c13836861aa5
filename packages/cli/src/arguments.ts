/** What was asked for on the command line. */
import { parseArgs } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'

export interface Arguments {
  readonly paths: readonly string[]
  readonly db: string
  readonly inbox: string
  readonly teamAddress: string
  /** The id of the user whose views are shown. */
  readonly as: string
  /** In bytes. */
  readonly maxMailSize: number
  readonly json: boolean
  readonly help: boolean
}

export const usage = `Brings mail into an inbox and shows its views.

  npm start [-- OPTIONS] [PATH…]

PATH is an .eml file, an mbox file, a Maildir, or a folder of these. Without one, a public
corpus of 6,046 real mails is imported. What is in the inbox already is not imported twice.

  --db FILE              where the inbox is kept             (./threadbook.db)
  --inbox NAME           the inbox to import into            (support)
  --team-address ADDRESS mail from here was sent by the team (support@example.com)
  --as USER              whose "Assigned to me" is shown     (me)
  --max-mail-size SIZE   larger mail is rejected             (25MB)
  --json                 print a summary for programs, and nothing else
  --help                 print this

The exit status is 0, or 1 where some mail was rejected or could not be read, or 2 where
nothing could be done.
`

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

/** `25MB`, `500 kB`, `1000000`: in bytes; undefined where it is no size. */
export const parseSize = (text: string): number | undefined => {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/i.exec(text.trim())
  if (match === null) return undefined
  const bytes = Math.floor(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!)
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined
}

const options = {
  db: { type: 'string', default: 'threadbook.db' },
  inbox: { type: 'string', default: 'support' },
  'team-address': { type: 'string', default: 'support@example.com' },
  as: { type: 'string', default: 'me' },
  'max-mail-size': { type: 'string', default: '25MB' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** The arguments, or what is wrong with them in words. */
export const readArguments = (args: readonly string[]): E.Either<string, Arguments> => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    })
    const maxMailSize = parseSize(values['max-mail-size'])
    if (maxMailSize === undefined)
      return E.left(`--max-mail-size: expected a size such as 25MB, got ${values['max-mail-size']}`)
    const teamAddress = values['team-address']
    if (!/^[^@\s]+@[^@\s]+$/.test(teamAddress))
      return E.left(`--team-address: expected an address such as support@example.com`)
    for (const name of ['db', 'inbox', 'as'] as const)
      if (values[name] === '') return E.left(`--${name}: expected a text that is not empty`)
    const { db, inbox, as, json, help } = values
    return E.right({ paths: positionals, db, inbox, teamAddress, as, maxMailSize, json, help })
  } catch (error) {
    return E.left(error instanceof Error ? error.message : String(error))
  }
}
