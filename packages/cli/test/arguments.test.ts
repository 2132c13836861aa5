import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { parseSize, readArguments, usage } from '../src/arguments.js'
import { placeName } from '../src/place.js'

const place = { store: 'sqlite', db: 'threadbook.db' }
const common = { place, inbox: 'support', as: 'me', json: false }
const usual = {
  ...common,
  teamAddress: 'support@example.com',
  maxMailSize: 25 * 1024 * 1024,
}

describe('what is asked for', () => {
  it('is to import the corpus, where nothing is said', () =>
    expect(readArguments([])).toEqual(E.right({ command: 'import', paths: [], ...usual })))

  it.each([[['a.eml', 'b']], [['import', 'a.eml', 'b']]])('is to import %j', (args) =>
    expect(readArguments(args)).toEqual(
      E.right({ command: 'import', paths: ['a.eml', 'b'], ...usual }),
    ),
  )

  it('takes options before and after paths', () =>
    expect(
      readArguments([
        ...['--db', 'x.db', '--inbox=sales', 'mail', '--as', 'ada', '--json'],
        ...['--team-address', 'sales@example.org', '--max-mail-size', '10MB'],
      ]),
    ).toEqual(
      E.right({
        command: 'import',
        paths: ['mail'],
        place: { store: 'sqlite', db: 'x.db' },
        inbox: 'sales',
        as: 'ada',
        json: true,
        teamAddress: 'sales@example.org',
        maxMailSize: 10 * 1024 * 1024,
      }),
    ))

  it('may be a path that is called like a command', () => {
    const paths = (args: readonly string[]) => readArguments(args)
    expect(paths(['./views'])).toMatchObject({ right: { command: 'import', paths: ['./views'] } })
    expect(paths(['import', 'views'])).toMatchObject({ right: { paths: ['views'] } })
  })

  it('is views, all or some', () => {
    expect(readArguments(['views'])).toEqual(
      E.right({ command: 'views', views: [], ids: false, ...common }),
    )
    expect(readArguments(['views', 'spam', '--ids'])).toEqual(
      E.right({ command: 'views', views: ['spam'], ids: true, ...common }),
    )
  })

  it('is a copy, to a file or to a URL', () => {
    const to = (...args: readonly string[]) => readArguments(['copy', ...args])
    expect(to('--db=a.db', 'b.db')).toMatchObject({
      right: { command: 'copy', place: { db: 'a.db' }, to: { store: 'sqlite', db: 'b.db' } },
    })
    expect(to('postgres://x/y', '--to-schema=z')).toMatchObject({
      right: { to: { store: 'postgres', url: 'postgres://x/y', schema: 'z' } },
    })
    expect(to('esdb://x', '--to-views=v.db')).toMatchObject({
      right: { to: { store: 'eventstoredb', views: { store: 'sqlite', db: 'v.db' } } },
    })
    expect(to('a', 'b')).toEqual(E.left(expect.stringMatching(/copy/)))
  })

  it('is one conversation', () =>
    expect(readArguments(['thread', 'c-1'])).toMatchObject({
      right: { command: 'thread', conversationId: 'c-1' },
    }))

  it('is a conversation and a view to explain', () =>
    expect(readArguments(['explain', 'c-1', 'all-open', '--json'])).toMatchObject({
      right: { command: 'explain', conversationId: 'c-1', view: 'all-open', json: true },
    }))

  it.each([['--help'], ['-h'], ['views --help'], ['--help --inbox=']])('is help: %s', (args) =>
    expect(readArguments(args.split(' '))).toEqual(E.right({ command: 'help' })),
  )
})

describe('where the inbox is', () => {
  const url = 'postgres://me@db/inboxes'
  it.each([
    [[], { store: 'sqlite', db: 'threadbook.db' }],
    [['--store=memory'], { store: 'memory' }],
    [['--store=postgres', '--url', url], { store: 'postgres', url, schema: 'threadbook' }],
    [['--url', url, '--schema=help'], { store: 'postgres', url, schema: 'help' }],
    [
      ['--store=eventstoredb', '--url=esdb://log'],
      {
        store: 'eventstoredb',
        url: 'esdb://log',
        views: { store: 'sqlite', db: 'threadbook.views.db' },
      },
    ],
    [
      ['--url=esdb+discover://log', '--views-url', url],
      {
        store: 'eventstoredb',
        url: 'esdb+discover://log',
        views: { store: 'postgres', url, schema: 'threadbook' },
      },
    ],
  ])('%j', (args, expected) =>
    expect(readArguments(args)).toMatchObject({ right: { place: expected } }),
  )

  it('is told without the password', () => {
    const secret = 'postgres://ada:secret@db:5432/inboxes?sslmode=require'
    expect(placeName({ store: 'postgres', url: secret, schema: 'a' })).toBe(
      'postgres://db:5432/inboxes',
    )
  })
})

describe('what makes no sense', () => {
  it.each([
    ['an unknown option', ['--colour'], /--colour/],
    ['an option without its value', ['--db'], /--db/],
    ['a value where there is none', ['--json=yes'], /--json/],
    ['no file', ['--db='], /--db/],
    ['a store that is not known', ['--store=mysql'], /--store.*mysql/],
    ['PostgreSQL without a URL', ['--store=postgres'], /--url.*postgres:/],
    ['a URL of another kind', ['--store=postgres', '--url=esdb://x'], /--url.*postgres:/],
    ['EventStoreDB without a URL', ['--store=eventstoredb'], /--url.*esdb:/],
    ['a file for PostgreSQL', ['--url=postgres://x/y', '--db=a.db'], /--db.*postgres/],
    ['a URL for SQLite', ['--store=sqlite', '--url=postgres://x'], /--url.*sqlite/],
    ['two places for views', ['--url=esdb://x', '--views-url=postgres://x', '--db=a'], /--db, /],
    ['views of no database', ['--url=esdb://x', '--views-url=esdb://x'], /--views-url/],
    ['a schema in a file', ['--url=esdb://x', '--schema=a'], /--schema/],
    ['no inbox', ['--inbox='], /--inbox/],
    ['an endless name', ['--as', 'a'.repeat(201)], /--as/],
    ['no address', ['--team-address', 'support'], /--team-address/],
    ['no size', ['--max-mail-size', 'big'], /--max-mail-size.*big/],
    ['a size of nothing', ['--max-mail-size', '0'], /--max-mail-size/],
    ['an empty path', ['a.eml', ''], /PATH/],
    ['no conversation', ['thread'], /thread/],
    ['no view to explain', ['explain', 'a'], /explain.*view/],
    ['two views to explain', ['explain', 'a', 'b', 'c'], /explain/],
    ['two conversations', ['thread', 'a', 'b'], /thread/],
  ])('%s is told', (_, args, said) =>
    expect(readArguments(args)).toEqual(E.left(expect.stringMatching(said))),
  )
})

describe('a size', () => {
  it.each([
    ['1', 1],
    ['1000', 1000],
    ['2kB', 2048],
    ['25MB', 25 * 1024 * 1024],
    ['25 mb', 25 * 1024 * 1024],
    ['1.5MiB', 1.5 * 1024 * 1024],
    ['1g', 1024 ** 3],
  ])('%s is %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  it.each(['', 'MB', '-1', '1TB', '1e3', '0', '0.5', '9'.repeat(30)])('%j is none', (text) =>
    expect(parseSize(text)).toBeUndefined(),
  )
})

it('the usage fits a terminal of 100 columns', () =>
  expect(Math.max(...usage.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100))
