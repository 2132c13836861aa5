/** Where an inbox is kept, as the command line says it. */
import * as E from 'fp-ts/lib/Either.js'
import { clean } from './terminal-text.js'

/** What can keep views, keys and attachments. */
type Database =
  | { readonly store: 'sqlite'; readonly db: string }
  | { readonly store: 'postgres'; readonly url: string; readonly schema: string }

export type Place =
  | Database
  | { readonly store: 'memory' }
  | { readonly store: 'eventstoredb'; readonly url: string; readonly views: Database }

export interface PlaceOptions {
  readonly store?: string | undefined
  readonly db?: string | undefined
  readonly url?: string | undefined
  readonly 'views-url'?: string | undefined
  readonly schema?: string | undefined
}

const STORES: readonly string[] = ['sqlite', 'memory', 'postgres', 'eventstoredb']
const POSTGRES = /^postgres(ql)?:\/\//
const EVENTSTOREDB = /^(esdb|kurrentdb|kdb)(\+discover)?:\/\//

/** Each with its own file: views of one log are no use to another. */
const FILE = 'threadbook.db'
const VIEWS_FILE = 'threadbook.views.db'
const SCHEMA = 'threadbook'

/** Which options go with which store; any other was a mistake. */
const MAY: Readonly<Record<string, readonly (keyof PlaceOptions)[]>> = {
  sqlite: ['db'],
  memory: [],
  postgres: ['url', 'schema'],
  eventstoredb: ['url', 'views-url', 'schema', 'db'],
}

const storeOf = ({ store, url = '' }: PlaceOptions): string => {
  if (store !== undefined) return store
  if (POSTGRES.test(url)) return 'postgres'
  return EVENTSTOREDB.test(url) ? 'eventstoredb' : 'sqlite'
}

/** The place, or what is wrong with it in words. */
export const readPlace = (options: PlaceOptions): E.Either<string, Place> => {
  const store = storeOf(options)
  const { db, url, 'views-url': viewsUrl, schema = SCHEMA } = options
  const may = MAY[store]
  if (may === undefined || !STORES.includes(store))
    return E.left(`--store: expected one of ${STORES.join(', ')}, got ${clean(store)}`)
  for (const name of ['db', 'url', 'views-url', 'schema'] as const) {
    if (options[name] === '') return E.left(`--${name}: expected a text that is not empty`)
    if (options[name] !== undefined && !may.includes(name))
      return E.left(`--${name}: does not go with --store ${store}`)
  }
  if (store === 'memory') return E.right({ store })
  if (store === 'sqlite') return E.right({ store, db: db ?? FILE })
  if (store === 'postgres')
    return url !== undefined && POSTGRES.test(url)
      ? E.right({ store, url, schema })
      : E.left('--url: expected a URL such as postgres://user@host/database')
  if (url === undefined || !EVENTSTOREDB.test(url))
    return E.left('--url: expected a URL such as esdb://host:2113?tls=false')
  if (viewsUrl === undefined) {
    if (options.schema !== undefined) return E.left('--schema: goes with --views-url only')
    return E.right({
      store: 'eventstoredb',
      url,
      views: { store: 'sqlite', db: db ?? VIEWS_FILE },
    })
  }
  if (db !== undefined) return E.left('--db, --views-url: expected one of them')
  return POSTGRES.test(viewsUrl)
    ? E.right({
        store: 'eventstoredb',
        url,
        views: { store: 'postgres', url: viewsUrl, schema },
      })
    : E.left('--views-url: expected a URL such as postgres://user@host/database')
}

const databaseAt = (place: string, schema: string): Database =>
  POSTGRES.test(place) ? { store: 'postgres', url: place, schema } : { store: 'sqlite', db: place }

/** A place to copy to: a file or a URL; views beside EventStoreDB are in a database of their own. */
export const readTarget = (
  to: string,
  {
    views = VIEWS_FILE,
    schema = SCHEMA,
  }: { views?: string | undefined; schema?: string | undefined },
): E.Either<string, Place> => {
  if (to === '' || views === '' || schema === '')
    return E.left('copy: expected a file, or a URL such as postgres://user@host/database')
  if (EVENTSTOREDB.test(to))
    return EVENTSTOREDB.test(views)
      ? E.left('--to-views: expected a file or a URL such as postgres://user@host/database')
      : E.right({ store: 'eventstoredb', url: to, views: databaseAt(views, schema) })
  return E.right(databaseAt(to, schema))
}

/** A URL as it may be shown: without who asks, and with which password. */
const shown = (url: string): string => url.replace(/\/\/[^@/?]*@/, '//').replace(/[?#].*$/, '')

/** What to call it when talking to a person. */
export const placeName = (place: Place): string => {
  switch (place.store) {
    case 'sqlite':
      return clean(place.db)
    case 'memory':
      return 'memory'
    case 'postgres':
    case 'eventstoredb':
      return clean(shown(place.url))
  }
}
