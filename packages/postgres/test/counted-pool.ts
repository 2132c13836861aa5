import pg from 'pg'

/** Those come some time after what was appended, by a timer. */
const isNotice = ([asked]: readonly unknown[]): boolean =>
  (typeof asked === 'string' ? asked : (asked as { text: string }).text).includes('pg_notify')

/** Connections whose statements are counted, but for notices of what was appended. */
export const countedPool = (config: pg.PoolConfig) => {
  const pool = new pg.Pool(config)
  let asked = 0
  pool.on('connect', (client) => {
    const query = client.query.bind(client)
    client.query = ((...args: Parameters<typeof query>) => {
      if (!isNotice(args)) asked++
      return query(...args)
    }) as typeof client.query
  })
  return {
    pool,
    /** What was asked of the server until that was done, and its answer. */
    askedBy: async <A>(work: () => Promise<A>): Promise<readonly [asked: number, answer: A]> => {
      const before = asked
      const answer = await work()
      return [asked - before, answer]
    },
  }
}
