import { describe, expect, it } from '@jest/globals'
import type { NotImported } from '@threadbook/email'
import { importedWords } from '../src/imported-words.js'
import { notImportedLine, stoppedWords } from '../src/problem-words.js'
import { sizeWords } from '../src/words.js'

const rejected = (
  reason: 'tooLarge' | 'empty' | 'notMail' | 'malformed',
  more: { expected?: string; found?: string; field?: string } = {},
): NotImported => ({
  path: 'box/a.eml',
  problem: { type: 'MailRejected', reason, expected: 'a mail', found: '0 bytes', ...more },
})

describe('what was not imported', () => {
  it.each<[string, NotImported]>([
    ['box/a.eml: empty: there is no mail in it', rejected('empty')],
    [
      'box/a.eml: no mail: it does not begin with the header fields of one',
      rejected('notMail', { found: '10 bytes of something else' }),
    ],
    [
      'box/a.eml: too large: 62,914,560 bytes, and allowed are at most 26,214,400 bytes',
      rejected('tooLarge', { found: '62914560 bytes', expected: 'at most 26214400 bytes' }),
    ],
    [
      'box/a.eml: cannot be taken apart: headers: expected at most 2,000 fields, found more',
      rejected('malformed', { field: 'headers', expected: 'at most 2000 fields', found: 'more' }),
    ],
    [
      'old.mbox, at byte 12,345: empty: there is no mail in it',
      { ...rejected('empty'), path: 'old.mbox', offset: 12_345, length: 0 },
    ],
    [
      'gone: there is no such file or folder',
      { path: 'gone', problem: { type: 'Unreadable', reason: 'missing', found: 'ENOENT' } },
    ],
    [
      'secret: it may not be read (no permission)',
      { path: 'secret', problem: { type: 'Unreadable', reason: 'noPermission', found: 'EACCES' } },
    ],
    [
      'pipe: it is a pipe, not a file',
      { path: 'pipe', problem: { type: 'Unreadable', reason: 'notAFile', found: 'a pipe' } },
    ],
    [
      'a: refused: ConversationMerged {"target":"c-2"}',
      { path: 'a', problem: { type: 'ConversationMerged', target: 'c-2' } },
    ],
  ])('%s', (line, problem) => expect(notImportedLine(problem)).toBe(line))

  it('has no power over the terminal, whatever a file is called', () =>
    expect(notImportedLine({ ...rejected('empty'), path: 'a\u001b[2J\n\u202eb' })).toBe(
      'a b: empty: there is no mail in it',
    ))
})

it('a stop names its reason', () =>
  expect(stoppedWords({ type: 'Unavailable', reason: 'the disk is full' })).toBe(
    'the store does not answer: the disk is full',
  ))

describe('an import', () => {
  const where = { place: { store: 'sqlite', db: 'my.db' }, inbox: 'support' } as const
  it.each([
    [{ read: 0, received: 0, duplicates: 0, rejected: 0 }, 'No mail was found.'],
    [
      { read: 6_046, received: 6_046, duplicates: 0, rejected: 0 },
      '6,046 of 6,046 mails imported into support (my.db) in 21 s.',
    ],
    [
      { read: 5, received: 2, duplicates: 2, rejected: 1 },
      '2 of 5 mails imported into support (my.db) in 21 s; 2 there already, not imported twice; 1 rejected, named above.',
    ],
    [
      { read: 6_046, received: 0, duplicates: 6_046, rejected: 0 },
      'Nothing is new: 6,046 mails read, all in support (my.db) already. Nothing was imported twice.',
    ],
    [
      { read: 1, received: 0, duplicates: 1, rejected: 0 },
      'Nothing is new: 1 mail read, all in support (my.db) already. Nothing was imported twice.',
    ],
  ])('%j', (imported, words) => expect(importedWords(imported, where, 21.3)).toBe(words))

  it('that was quick tells tenths of a second', () =>
    expect(importedWords({ read: 1, received: 1, duplicates: 0, rejected: 0 }, where, 0.64)).toBe(
      '1 of 1 mail imported into support (my.db) in 0.6 s.',
    ))
})

it.each([
  [1, '1 byte'],
  [999, '999 bytes'],
  [12_300, '12 kB'],
  [3_600_000, '3.4 MB'],
])('%d bytes are %s', (bytes, words) => expect(sizeWords(bytes)).toBe(words))
