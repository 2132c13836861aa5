import * as E from 'fp-ts/lib/Either.js'
import {
  columnText,
  foldAgain,
  foldBatch,
  inSet,
  planRetry,
  skipMark,
  touchedKeys,
  type Applied,
  type Behind,
  type CheckpointMoved,
  type Lease,
  type LeaseLost,
  type Folded,
  type Inspected,
  type KeyedRow,
  type ParkedMoved,
  type Position,
  type ReadModels,
  type RecordedEvent,
  type Retry,
  type Rows,
  type RowSet,
  type StoredSet,
  type Unavailable,
} from '@threadbook/sourcing'
import { WITHOUT_WAITING, type Database, type Run } from './database.js'
import type { Parameter, SqlRow, Statement } from './question.js'
import { door } from './door.js'
import { Refused, unavailable, Unanswered, UNDEFINED_TABLE } from './faults.js'
import { binder, type Bind } from './filter-sql.js'
import { inspect } from './inspect.js'
import { literalText, quoted } from './identifiers.js'
import { held, leasesOver, lost } from './leases.js'
import { parkedStatements } from './parked.js'
import { watchedOver, type Moves } from './watched.js'
import { formsOver } from './row-forms.js'
import { columnsOf, rowTable, rowTableName, type RowTable } from './row-table.js'

type Row = Record<string, unknown>

interface Opened {
  /** Of this projection in this version. */
  readonly no: string
  readonly table: RowTable
}

interface Batch {
  readonly events: readonly RecordedEvent[]
  readonly after: Position | undefined
  readonly position: Position
  readonly lease?: Lease | undefined
}

const skipsOf = ({ name, skipsOf = name }: Rows): string => skipsOf

interface Filling {
  readonly rows: Folded<Row>
  readonly position?: Position | undefined
  readonly lease?: Lease | undefined
}

/** A set that is being filled: nothing in it is watched, or was tried again. */
const AS_MADE = { retries: '0', watchChanges: '0', moves: undefined }

/** Made side by side, of a table that nobody is served from: each by one of the server's cores. */
const INDEXES_AT_ONCE = 2

const isGone = (error: unknown): boolean =>
  error instanceof Refused && error.code === UNDEFINED_TABLE

/** What a batch was folded with. */
interface Found {
  readonly retries: string
  readonly watchChanges: string
  readonly moves: Moves | undefined
}

const positionOr = (text: string | null | undefined): Position | undefined =>
  (text ?? undefined) as Position | undefined

export const readModelsOver = (db: Database, schema: string): ReadModels => {
  const s = quoted(schema)
  const { task, close } = door()
  const watched = watchedOver(s)
  const broken = parkedStatements(s)
  const forms = formsOver(s, db.run)
  let known = new WeakMap<Rows, Opened>()

  const STORED = `SELECT no, version, role, row_table, columns, checkpoint FROM ${s}.projections`

  const stored = async (
    run: Run,
    { name, version, set = 'served' }: Rows,
  ): Promise<SqlRow | undefined> => {
    const [row] = await run({
      text: `${STORED} WHERE name = $1 AND version = $2 AND role = $3`,
      values: [name, version, set],
    })
    return row
  }

  const storedSets = (run: Run, { name }: Rows): Promise<readonly SqlRow[]> =>
    run({ text: `${STORED} WHERE name = $1 ORDER BY no`, values: [name] })

  const remember = (projection: Rows, no: string): Opened => {
    const opened = { no, table: rowTable(s, no, projection) }
    known.set(projection, opened)
    return opened
  }

  const notThere = ({ name, version, set = 'served' }: Rows): E.Either<Unavailable, never> =>
    E.left(unavailable(`the rows of ${name} are not there in version ${String(version)} (${set})`))

  const lookUp = async (projection: Rows): Promise<E.Either<Unavailable, Opened>> => {
    const found = await stored(db.run, projection)
    return found === undefined ? notThere(projection) : E.right(remember(projection, found[0]!))
  }

  /** Undefined: the rows are not what they were. Then it is looked up, and asked once more. */
  const asking = async <F, A>(
    projection: Rows,
    ask: (opened: Opened) => Promise<E.Either<F, A> | undefined>,
  ): Promise<E.Either<F | Unavailable, A>> => {
    const attempt = async (opened: Opened) => {
      try {
        return await ask(opened)
      } catch (error) {
        if (isGone(error)) return undefined
        throw error
      }
    }
    const before = known.get(projection)
    const first = before && (await attempt(before))
    if (first !== undefined) return first
    const opened = await lookUp(projection)
    if (E.isLeft(opened)) return opened
    return (await attempt(opened.right)) ?? notThere(projection)
  }

  /** A statement that answers with no row at all where the projection is not there. */
  const reading = <A>(
    projection: Rows,
    statement: (opened: Opened) => Statement,
    answer: (rows: readonly SqlRow[]) => A,
  ) =>
    task(() =>
      asking<Unavailable, A>(projection, async (opened) => {
        const rows = await db.run(statement(opened))
        return rows.length === 0 ? undefined : E.right(answer(rows))
      }),
    )

  /** In one transaction; undefined: the projection is not there. */
  const changing = <A>(
    projection: Rows,
    work: (run: Run, opened: Opened) => Promise<A | undefined>,
  ) =>
    task(() =>
      asking<Unavailable, A>(projection, async (opened) => {
        const answer = await db.transaction((run) => work(run, opened))
        return answer === undefined ? undefined : E.right(answer)
      }),
    )

  /** One at a time changes which projections there are. */
  const lock: Statement = {
    text: `SELECT pg_advisory_xact_lock(hashtextextended(${literalText(`threadbook projections ${schema}`)}, 0))`,
  }

  const dropStored = async (run: Run, [no, , , rowTable]: SqlRow): Promise<void> => {
    const old = `${s}.${quoted(rowTable!)}`
    // Before anything else is locked, as those who write to it do.
    await run({ text: `LOCK TABLE ${old} IN ACCESS EXCLUSIVE MODE` })
    const values = [no!]
    await run({ text: `DELETE FROM ${s}.projections WHERE no = $1`, values })
    await run({ text: `DELETE FROM ${s}.counters WHERE projection = $1`, values })
    await run({ text: `DELETE FROM ${s}.parked WHERE projection = $1`, values })
    await watched.drop(run, no!)
    await run({ text: `DROP TABLE ${old}` })
  }

  /** Keeps the lease where it is until the transaction ends. */
  const isLost = async (run: Run, lease: Lease | undefined): Promise<boolean> => {
    if (lease === undefined) return false
    const values: Parameter[] = []
    const found = await run({ text: held(s, lease, binder(values)), values })
    return found.length === 0
  }

  const drop = (
    projection: Rows,
    lease: Lease | undefined,
  ): Promise<E.Either<Unavailable | LeaseLost, void>> =>
    db.transaction(async (run) => {
      const { version, set } = projection
      await run(lock)
      if (await isLost(run, lease)) return lost(lease!)
      for (const each of await storedSets(run, projection))
        if (set === undefined || (Number(each[1]) === version && each[2] === set))
          await dropStored(run, each)
      return E.right(undefined)
    })

  const nextNo = async (run: Run): Promise<string> => {
    const [next] = await run({ text: `SELECT nextval(${literalText(`${s}.projection_numbers`)})` })
    return next![0]!
  }

  const open = (projection: Rows): Promise<E.Either<Unavailable, void>> => {
    const { name, version, set = 'served' } = projection
    const columns = columnsOf(projection)
    return db.transaction(async (run) => {
      await run(lock)
      const found = await stored(run, projection)
      if (found !== undefined && found[4] !== columns)
        return E.left(unavailable(`the columns of ${name} changed, but not its version`))
      const { no, table } = remember(projection, found?.[0] ?? (await nextNo(run)))
      if (found === undefined) {
        await run({
          text: `INSERT INTO ${s}.projections (no, name, version, role, row_table, columns)
                 VALUES ($1, $2, $3, $4, $5, $6)`,
          values: [no, name, version, set, rowTableName(no, projection), columns],
        })
        await run(table.create)
      }
      if (set !== 'next') await index(run, table)
      return E.right(undefined)
    })
  }

  /**
   * Another number for a set whose part changes: whoever remembers the one it had finds nothing
   * under it, and looks up what is there now.
   */
  const renumber = async (run: Run, projection: Rows, from: string, role: RowSet) => {
    const no = await nextNo(run)
    const table = rowTable(s, from, projection)
    const to = rowTable(s, no, projection)
    await run(table.rename(to, await run(table.indexes)))
    const values = [from, no]
    await run({ text: `UPDATE ${s}.counters SET projection = $2 WHERE projection = $1`, values })
    await run({ text: `UPDATE ${s}.parked SET projection = $2 WHERE projection = $1`, values })
    await run({ text: `UPDATE ${s}.watched SET projection = $2 WHERE projection = $1`, values })
    await run({
      text: `UPDATE ${s}.projections SET no = $2, role = $3, row_table = $4 WHERE no = $1`,
      values: [from, no, role, to.name],
    })
  }

  const swap = (
    projection: Rows,
    lease: Lease | undefined,
  ): Promise<E.Either<Unavailable | Behind | LeaseLost, void>> =>
    db.transaction(async (run) => {
      await run(lock)
      const served = inSet(projection, 'served')
      for (const each of [served, projection]) {
        const there = await stored(run, each)
        // Nobody reads what is about to change its name, or writes to it, until this is done.
        if (there !== undefined)
          await run({ text: `LOCK TABLE ${s}.${quoted(there[3]!)} IN ACCESS EXCLUSIVE MODE` })
      }
      if (await isLost(run, lease)) return lost(lease!)
      const to = await stored(run, projection)
      if (to === undefined) return notThere(projection)
      const from = await stored(run, served)
      if (from?.[0] === to[0]) return E.right(undefined)
      const [reached, before] = [positionOr(to[5]), positionOr(from?.[5])]
      const stands = await run(broken.skippedParked(to[0]!, skipsOf(projection)))
      if (stands.length > 0 || (before !== undefined && !(reached! >= before)))
        return E.left({
          type: 'Behind',
          projection: projection.name,
          reached,
          served: before,
        })
      const previous = await stored(run, inSet(projection, 'previous'))
      if (previous !== undefined && previous[0] !== to[0]) await dropStored(run, previous)
      // Aside first: there is one of each.
      await run({
        text: `UPDATE ${s}.projections SET role = '' WHERE no = $1`,
        values: [to[0]!],
      })
      if (from !== undefined) await renumber(run, projection, from[0]!, 'previous')
      await renumber(run, projection, to[0]!, 'served')
      return E.right(undefined)
    })

  const index = async (run: Run, table: RowTable): Promise<void> => {
    for (const statement of table.makeIndexes(await run(table.indexes))) await run(statement)
  }

  /**
   * What a batch needs: the checkpoint, the rows that its events touch, the keys that are parked,
   * which of its events are skipped, whether its lease is held, and at which change of what is
   * watched.
   */
  const load = async (
    run: Run,
    projection: Rows,
    { no, table }: Opened,
    keys: readonly string[],
    { after, position, lease }: Partial<Batch> = {},
  ) => {
    const found = await run({
      text: `SELECT 0, checkpoint, retries || ' ' || watch_changes FROM ${s}.projections WHERE no = $1
             UNION ALL SELECT 1, _key, _row FROM ${table.into} WHERE _key = ANY($2::text[])
             UNION ALL SELECT DISTINCT 2, key, NULL FROM ${s}.parked
               WHERE projection = $1 AND key = ANY($2::text[])
             UNION ALL SELECT 3, NULL, NULL FROM ${s}.leases WHERE name = $3 AND holder = $4
             UNION ALL SELECT 4, key, position FROM ${s}.skipped
               WHERE projection = $5 AND position > $6 AND position <= $7`,
      values: [
        no,
        keys,
        lease?.name ?? null,
        lease?.holder ?? null,
        skipsOf(projection),
        after ?? '',
        position ?? '',
      ],
    })
    const texts: SqlRow[] = []
    const parkedKeys = new Set<string>()
    const skipped = new Set<string>()
    let there:
      | {
          readonly checkpoint: Position | undefined
          readonly retries: string
          readonly watchChanges: string
        }
      | undefined
    let isHeld = lease === undefined
    for (const [kind, key, text] of found)
      if (kind === '0') {
        const [retries = '', watchChanges = ''] = text!.split(' ')
        there = { checkpoint: positionOr(key), retries, watchChanges }
      } else if (kind === '1') texts.push([key!, text!])
      else if (kind === '2') parkedKeys.add(key!)
      else if (kind === '3') isHeld = true
      else skipped.add(skipMark(key!, text! as Position))
    const rows = new Map<string, Row>()
    for (const { key, row } of await forms.rows(run, texts)) rows.set(key, row)
    return there && { ...there, rows, parkedKeys, skipped, isHeld }
  }

  /** How the counts of what is watched move; undefined where nothing can be. */
  const movesOf = async (
    run: Run,
    projection: Rows,
    { no }: Opened,
    watchChanges: string,
    { changes }: Folded<Row>,
  ): Promise<Moves | undefined> =>
    projection.watches === undefined || changes.length === 0
      ? undefined
      : watched.moves(run, no, projection, watchChanges, changes)

  /** Steps that write rows, counters and parked events, if the table `moved` has a row. */
  const stepsOf = (
    { table }: Opened,
    { changes, counters, parked }: Folded<Row>,
    moves: Moves,
    bind: Bind,
  ): readonly string[] => {
    const steps = [...(changes.length === 0 ? [] : table.write(changes, bind))]
    if (counters.size > 0)
      steps.push(
        `INSERT INTO ${s}.counters SELECT moved.no, c.* FROM moved, unnest(
           ${bind([...counters.keys()].map(columnText), 'text[]')},
           ${bind([...counters.values()], 'bigint[]')}) c
           ON CONFLICT (projection, name) DO UPDATE SET value = counters.value + excluded.value`,
      )
    if (moves.length > 0) steps.push(watched.writing(moves, bind))
    if (parked.length > 0) steps.push(broken.put(parked, bind))
    return steps
  }

  /**
   * Rows, counters, parked events and checkpoint in one statement: all of it, or nothing. What a
   * server that crashes loses of them is folded again from the checkpoint that it has.
   */
  const writing = (
    opened: Opened,
    {
      after,
      position,
      lease,
    }: Pick<Batch, 'after' | 'lease'> & { readonly position: Position | undefined },
    folded: Folded<Row>,
    { retries, watchChanges, moves }: Found,
  ): Statement => {
    const values: Parameter[] = []
    const bind = binder(values)
    const move = `UPDATE ${s}.projections SET checkpoint = ${bind(position ?? null, 'text')}
         WHERE no = ${bind(opened.no, 'bigint')}
         AND checkpoint IS NOT DISTINCT FROM ${bind(after ?? null, 'text')}
         AND retries = ${bind(retries, 'bigint')}
         ${moves === undefined ? '' : `AND watch_changes = ${bind(watchChanges, 'bigint')}`}
         ${lease === undefined ? '' : 'AND EXISTS (SELECT FROM held)'} RETURNING no`
    const all = [
      ...(lease === undefined ? [] : [`held AS (${held(s, lease, bind)})`]),
      `moved AS (${move})`,
      ...stepsOf(opened, folded, moves ?? [], bind).map(
        (step, i) => `step${String(i)} AS (${step})`,
      ),
    ]
    return { text: `WITH ${all.join(', ')} SELECT no, ${WITHOUT_WAITING} FROM moved`, values }
  }

  const apply = async (
    projection: Rows,
    batch: Batch,
  ): Promise<E.Either<Unavailable | CheckpointMoved | LeaseLost, Applied>> => {
    const keys = [...touchedKeys(projection, batch.events)]
    /** Of an attempt that may have been carried out, though the connection broke. */
    let unsure: Applied | undefined
    const attempt = async (
      opened: Opened,
    ): Promise<E.Either<CheckpointMoved | LeaseLost, Applied> | undefined> => {
      const loaded = await load(db.run, projection, opened, keys, batch)
      if (loaded === undefined) return undefined
      const { checkpoint, rows, parkedKeys, skipped, isHeld, ...found } = loaded
      if (unsure !== undefined && checkpoint === batch.position) return E.right(unsure)
      if (!isHeld) return lost(batch.lease!)
      if (checkpoint !== batch.after)
        return E.left({
          type: 'CheckpointMoved',
          projection: projection.name,
          expected: batch.after,
          actual: checkpoint,
        })
      const folded = foldBatch(projection, rows, parkedKeys, batch.events, { skipped })
      const applied = { changes: folded.changes, parked: folded.parked }
      const moves = await movesOf(db.run, projection, opened, found.watchChanges, folded)
      await forms.keep(db.run, opened.table.formsOf(folded.changes))
      try {
        const moved = await db.run(writing(opened, batch, folded, { ...found, moves }), 'once')
        return moved.length === 0 ? attempt(opened) : E.right(applied)
      } catch (error) {
        if (!(error instanceof Unanswered && error.mayBeDone)) throw error
        unsure = applied
        return attempt(opened)
      }
    }
    return asking(projection, attempt)
  }

  const retry = (
    projection: Rows,
    { key, events, skip }: Retry,
  ): Promise<E.Either<Unavailable | ParkedMoved, Applied>> =>
    asking<ParkedMoved, Applied>(projection, (opened) =>
      db.transaction(async (run) => {
        const { no, table } = opened
        // Before anything else is locked, as those who swap it do.
        await run({ text: `LOCK TABLE ${table.into} IN ROW EXCLUSIVE MODE` })
        // Batches wait from here on, and see afterwards that they have to fold anew.
        const locked = await run({
          text: `UPDATE ${s}.projections SET retries = retries + 1 WHERE no = $1 RETURNING no`,
          values: [no],
        })
        if (locked.length === 0) return undefined
        const there = broken.found(await run(broken.find(no, { key, limit: events.length + 1 })))
        const planned = planRetry(projection, { key, events, skip }, there)
        if (E.isLeft(planned)) return planned
        const { keys, skipped } = planned.right
        const upTo = { position: events.at(-1)!.position }
        const loaded = await load(run, projection, opened, [...keys], upTo)
        if (loaded === undefined) return undefined
        const { rows, parkedKeys } = loaded
        const folded = foldAgain(projection, rows, parkedKeys, planned.right, loaded)
        await run(broken.remove(no, key, events))
        const { changes, parked, first } = folded
        const values: Parameter[] = []
        const bind = binder(values)
        const kept = { ...folded, parked: first === undefined ? parked : [...parked, first] }
        const moves = await movesOf(run, projection, opened, loaded.watchChanges, folded)
        await forms.keep(run, table.formsOf(changes))
        const steps = stepsOf(opened, kept, moves ?? [], bind)
        if (steps.length > 0) {
          const moved = `moved AS (SELECT no FROM ${s}.projections WHERE no = ${bind(no, 'bigint')})`
          const all = [moved, ...steps.map((step, i) => `step${String(i)} AS (${step})`)]
          await run({ text: `WITH ${all.join(', ')} SELECT no FROM moved`, values })
        }
        if (skipped !== undefined) await run(broken.skip(skipsOf(projection), skipped))
        return E.right({ changes, parked })
      }),
    )

  const fill = async (
    projection: Rows,
    { rows, position, lease }: Filling,
  ): Promise<E.Either<Unavailable | CheckpointMoved | LeaseLost, void>> =>
    asking<CheckpointMoved | LeaseLost, void>(projection, async (opened) => {
      await forms.keep(db.run, opened.table.formsOf(rows.changes))
      return db.transaction(async (run) => {
        const all = { ...rows, changes: [] }
        const filling = { after: undefined, position, lease }
        if ((await run(writing(opened, filling, all, AS_MADE))).length > 0) {
          if (rows.changes.length > 0) await run(opened.table.fill(rows.changes))
          return E.right(undefined)
        }
        const loaded = await load(run, projection, opened, [], { lease })
        if (loaded === undefined) return undefined
        if (!loaded.isHeld) return lost(lease!)
        return E.left({
          type: 'CheckpointMoved',
          projection: projection.name,
          expected: undefined,
          actual: loaded.checkpoint,
        })
      }, 'once')
    })

  return {
    open: (projection) => task(() => open(projection)),

    index: (projection) =>
      task(() =>
        asking<Unavailable, void>(projection, async ({ table }) => {
          const statements = table.makeIndexes(await db.run(table.indexes))
          const making = statements.values()
          const makeSome = async () => {
            for (const statement of making) await db.transaction((run) => run(statement))
          }
          await Promise.all(Array.from({ length: INDEXES_AT_ONCE }, makeSome))
          if (statements.length > 0) await db.transaction((run) => run(table.analyse))
          return E.right(undefined)
        }),
      ),

    drop: (projection, lease) => task(() => drop(projection, lease)),

    sets: (projection) =>
      task(async () =>
        E.right(
          (await storedSets(db.run, projection)).map(
            ([no, version, role, , , checkpoint]): StoredSet => ({
              version: Number(version),
              set: role as RowSet,
              generation: no!,
              checkpoint: positionOr(checkpoint),
            }),
          ),
        ),
      ),

    fill: (projection, filling) => task(() => fill(projection, filling)),

    swap: (projection, lease) => task(() => swap(projection, lease)),

    checkpoint: (projection) =>
      reading(
        projection,
        ({ no }) => ({
          text: `SELECT checkpoint FROM ${s}.projections WHERE no = $1`,
          values: [no],
        }),
        ([row]) => positionOr(row![0]),
      ),

    apply: (projection, batch) => task(() => apply(projection, batch)),

    get: (projection, keys) =>
      task(() =>
        asking<Unavailable, ReadonlyMap<string, Row>>(projection, async ({ table }) => {
          const rows = await db.run({
            text: `SELECT _key, _row FROM ${table.into} WHERE _key = ANY($1::text[])`,
            // A key that no column can hold is the key of no row.
            values: [keys.filter((key) => columnText(key) === key)],
          })
          const read = await forms.rows(db.run, rows)
          return E.right(new Map(read.map(({ key, row }) => [key, row])))
        }),
      ),

    find: (projection, query) =>
      task(() =>
        asking<Unavailable, readonly KeyedRow[]>(projection, async ({ table }) =>
          E.right(await forms.rows(db.run, await db.run(table.find(query)))),
        ),
      ),

    counters: (projection, names) =>
      reading(
        projection,
        ({ no }) => ({
          text: `SELECT c.name, c.value FROM ${s}.projections p
                 LEFT JOIN ${s}.counters c ON c.projection = p.no AND c.name = ANY($2::text[])
                 WHERE p.no = $1`,
          values: [no, names.map(columnText)],
        }),
        (rows) => {
          const values = new Map(rows.map(([name, value]) => [name, Number(value)]))
          return names.map((name) => values.get(columnText(name)) ?? 0)
        },
      ),

    parked: (projection, query) =>
      reading(projection, ({ no }) => broken.find(no, query), broken.found),

    parkedKeys: (projection, limit) =>
      reading(projection, ({ no }) => broken.findKeys(no, limit), broken.foundKeys),

    retry: (projection, again) => task(() => retry(projection, again)),

    inspect: (projection, inspection) =>
      task(() =>
        asking<Unavailable, Inspected>(projection, async ({ no, table }) => {
          const found = await db.transaction((run) =>
            inspect(run, { s, no, table, forms }, projection, inspection),
          )
          return found && E.right(found)
        }),
      ),

    skipped: (projection) =>
      task(async () =>
        E.right(broken.foundSkipped(await db.run(broken.skipped(skipsOf(projection))))),
      ),

    watch: (projection, filter, most) =>
      changing(projection, (run, { no }) => watched.watch(run, no, filter, most)),

    unwatch: (projection, of, names) =>
      task(async () =>
        E.map(() => undefined)(
          await changing(projection, (run, { no }) => watched.unwatch(run, no, of, names))(),
        ),
      ),

    watched: (projection, of) =>
      reading(
        projection,
        ({ no }) => watched.names(no, of),
        (rows) => rows.flatMap(([, name]) => (typeof name === 'string' ? [name] : [])),
      ),

    watchedCount: (projection, name) =>
      reading(projection, ({ no }) => watched.count(no, name), watched.countOf),

    countWatched: (projection, name, limit) =>
      task(async () =>
        E.map(({ done }: { readonly done: boolean | undefined }) => done)(
          await changing(projection, (run, { no, table }) =>
            watched.countNext(run, no, table, projection, name, limit),
          )(),
        ),
      ),

    readCheckpoint: (name) =>
      task(async () => {
        const [row] = await db.run({
          text: `SELECT position FROM ${s}.checkpoints WHERE name = $1`,
          values: [name],
        })
        return E.right(positionOr(row?.[0]))
      }),

    writeCheckpoint: (name, position, lease) =>
      task(async () => {
        const values: Parameter[] = []
        const bind = binder(values)
        const under =
          lease === undefined
            ? (['', ''] as const)
            : ([
                `WITH held AS (${held(s, lease, bind)})`,
                'WHERE EXISTS (SELECT FROM held)',
              ] as const)
        const written = await db.run({
          text: `${under[0]} INSERT INTO ${s}.checkpoints
                 SELECT ${bind(name, 'text')}, ${bind(position, 'text')} ${under[1]}
                 ON CONFLICT (name) DO UPDATE SET position = excluded.position RETURNING name`,
          values,
        })
        return written.length > 0 ? E.right(undefined) : lost(lease!)
      }),

    ...leasesOver(db, s, task),

    close: async () => {
      close()
      known = new WeakMap()
    },
  }
}
