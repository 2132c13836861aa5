/** The figures of docs/scaling.md, as tables in Markdown. */
import { bears, breaking, commandsPerDay, dealt, grown } from './model.mjs'

/** @typedef {import('./model.mjs').Inputs} Inputs */
/** @typedef {import('./model.mjs').Store} Store */

const STORES = /** @type {const} */ (['sqlite', 'postgres', 'eventstoredb'])
const NAMES = {
  sqlite: 'one SQLite file',
  postgres: 'one PostgreSQL primary',
  eventstoredb: 'EventStoreDB, views in PostgreSQL',
}
const SIZES = [1e4, 1e5, 1e6, 1e7, 1e8]

const table = (/** @type {readonly (readonly (string | number)[])[]} */ [head = [], ...rows]) =>
  [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

/** Two digits, and what is great in words of thousands. */
export const shown = (/** @type {number} */ n) => {
  if (n === Infinity) return '–'
  const rounded = n === 0 ? 0 : Number(n.toPrecision(2))
  return rounded.toLocaleString('en', { maximumFractionDigits: 3 })
}

export const bytes = (/** @type {number} */ n) => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(n) / 3)))
  return `${shown(n / 1_000 ** power)} ${units[power] ?? ''}`
}

export const time = (/** @type {number} */ seconds) => {
  if (seconds < 0.001) return '0'
  if (seconds < 1) return `${shown(seconds * 1_000)} ms`
  if (seconds < 120) return `${shown(seconds)} s`
  if (seconds < 7_200) return `${shown(seconds / 60)} min`
  return `${shown(seconds / 3_600)} h`
}

const many = (/** @type {number} */ n) => (n >= 1e12 ? 'never' : shown(n))

/** @type {Readonly<Record<string, (inputs: Inputs) => string>>} */
const tables = {
  costs: ({ costs: { sqlite, postgres, perConversation } }) =>
    table([
      ['', 'SQLite', 'PostgreSQL'],
      [
        'log, an event',
        ...[sqlite, postgres].map(({ bytesPerConversation: { log } }) =>
          bytes(log / perConversation.events),
        ),
      ],
      [
        'rows of views with their indexes, a conversation',
        ...[sqlite, postgres].map((one) => bytes(one.bytesPerConversation.rows)),
      ],
      [
        'search index, a message',
        ...[sqlite, postgres].map((one) =>
          bytes(one.bytesPerConversation.search / perConversation.messages),
        ),
      ],
      [
        'keys, a conversation',
        ...[sqlite, postgres].map((one) => bytes(one.bytesPerConversation.keys)),
      ],
      [
        'a command, views and search right',
        ...[sqlite, postgres].map(({ commandMs }) => `${commandMs} ms`),
      ],
      ['and in the database server', '–', `${postgres.serverCommandMs} ms`],
      [
        'an event in a rebuild',
        ...[sqlite, postgres].map(({ projectMs }) => `${shown(projectMs * 1_000)} µs`),
      ],
      ['and in the database server', '–', `${shown(postgres.serverProjectMs * 1_000)} µs`],
      ['a page of a view, unsealed', ...[sqlite, postgres].map(({ pageMs }) => `${pageMs} ms`)],
      ['a thread', ...[sqlite, postgres].map(({ threadMs }) => `${threadMs} ms`)],
      ['opening what is there', `${sqlite.openMs} ms`, ''],
      [
        'names of streams, a conversation',
        ...[sqlite, postgres].map((one) => bytes(one.bytesPerConversation.names)),
      ],
      ['memory of a process at work', `${sqlite.residentMB} MB`, ''],
    ]),

  bears: (inputs) =>
    table([
      [
        '',
        'commands a second',
        'one after another',
        'events a second into views',
        'rebuilt a second',
      ],
      ...STORES.map((store) => {
        const each = bears(inputs, store)
        return [
          NAMES[store],
          shown(each.commandsPerSecond),
          shown(each.commandsPerSecondAlone),
          each.projectedPerSecond === Infinity
            ? 'in the same commit'
            : shown(each.projectedPerSecond),
          shown(each.rebuiltPerSecond),
        ]
      }),
    ]),

  load: (inputs) =>
    table([
      ['conversations kept', 'commands a day', 'at the daily peak', 'in a storm'],
      ...SIZES.map((size) => {
        const { usualPeak, stormPeak } = grown(inputs, 'sqlite', size)
        return [
          shown(size),
          shown(commandsPerDay(inputs, size)),
          `${shown(usualPeak)} /s`,
          `${shown(stormPeak)} /s`,
        ]
      }),
    ]),

  ...Object.fromEntries(
    STORES.map((store) => [
      `growth-${store}`,
      (/** @type {Inputs} */ inputs) =>
        table([
          [
            'conversations',
            'events',
            'log',
            'rows',
            'search',
            'names',
            'backup',
            'rebuild',
            'writer busy at peak',
            'wait in a storm',
            'lag in a storm',
          ],
          ...SIZES.map((size) => {
            const each = grown(inputs, store, size)
            return [
              shown(size),
              shown(each.events),
              bytes(each.log),
              bytes(each.rows),
              bytes(each.search),
              bytes(each.names),
              time(each.backupHours * 3_600),
              time(each.rebuildHours * 3_600),
              `${shown(each.utilisation * 100)} %`,
              time(each.waitSeconds),
              time(each.lagSeconds),
            ]
          }),
        ]),
    ]),
  ),

  breaking: (inputs) => {
    const { limits } = inputs.assumed
    const words = new Map([
      ['rebuild', `a rebuild within ${limits.rebuildHours} h`],
      ['backup', `a full copy within ${limits.backupHours} h`],
      ['memory', 'names of streams in half the memory'],
      ['disk', `${limits.diskTB} TB on a volume`],
      ['writing', `a writer busy ${limits.utilisation * 100} % at the daily peak`],
      ['storm', `nobody waits for ${limits.lagSeconds} s in a storm`],
    ])
    const orders = STORES.map((store) => breaking(inputs, store))
    const places = [...words.keys()].map((_, place) => place)
    return table([
      ['', ...STORES.map((store) => NAMES[store])],
      ...places.map((place) => [
        `${place + 1}.`,
        ...orders.map((order) => {
          const { limit, conversations } = order[place] ?? { limit: '', conversations: 0 }
          return `${words.get(limit) ?? ''}: ${many(conversations)}`
        }),
      ]),
    ])
  },

  accounts: ({ assumed: { accounts } }) =>
    table([
      ['machines', 'the fullest has', 'of an even share'],
      ...[1, 2, 4, 8, 16, 32].map((machines) => {
        const { fullest } = dealt(accounts, machines)
        return [machines, `${shown(fullest * 100)} %`, `${shown(fullest * machines)}×`]
      }),
    ]),
}

const generated = /(<!-- scaling: (?<name>\S+) -->\n)[\s\S]*?(?=<!-- \/scaling -->)/g

/**
 * The page with its tables as these inputs make them. Throws where it names one that there is not.
 *
 * @param {string} page
 * @param {Inputs} inputs
 */
export const withTables = (page, inputs) =>
  page.replace(generated, (_, head, name) => {
    const make = tables[name]
    if (make === undefined) throw new Error(`docs/scaling.md: there is no table ${name}`)
    return `${head}\n${make(inputs)}\n\n`
  })

/** Names of all there are. */
export const tableNames = Object.keys(tables)
