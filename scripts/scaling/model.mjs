/**
 * How an inbox grows, calculated: pure, and the same figures for the same costs. What an operation
 * costs is measured (costs.json); load, machine and limits are assumed (assumed.json) and are the
 * reader's to change.
 */

/** @typedef {typeof import('./costs.json')} Costs */
/** @typedef {typeof import('./assumed.json')} Assumed */
/** @typedef {'sqlite' | 'postgres' | 'eventstoredb'} Store */
/** @typedef {{ readonly costs: Costs, readonly assumed: Assumed }} Inputs */

const MINUTES_A_DAY = 1_440
const DAYS_A_YEAR = 365
const HOUR_S = 3_600

/**
 * What is on disk, in bytes. EventStoreDB holds the log, on each of its nodes; what is made of it is
 * in PostgreSQL.
 *
 * @param {Inputs} inputs
 * @param {Store} store
 * @param {number} conversations
 */
export const sizes = ({ costs, assumed }, store, conversations) => {
  const { events } = costs.perConversation
  const views = store === 'sqlite' ? costs.sqlite : costs.postgres
  const { log, names, rows, search, keys } = views.bytesPerConversation
  const { recordOverheadBytes, indexBytesPerEvent } = assumed.eventstoredb
  const logOf = {
    sqlite: log,
    postgres: log,
    // Data and metadata are the same text everywhere; what SQLite adds to it is small.
    eventstoredb:
      costs.sqlite.bytesPerConversation.log + events * (recordOverheadBytes + indexBytesPerEvent),
  }[store]
  const all = {
    log: logOf * conversations,
    rows: rows * conversations,
    search: search * conversations,
    keys: keys * conversations,
  }
  return {
    events: events * conversations,
    // Part of the log, and touched at random: claims are named by what cannot be guessed.
    // EventStoreDB merges its index in order.
    names: store === 'eventstoredb' ? 0 : names * conversations,
    ...all,
    // A rebuild makes the new rows beside the old.
    atMost: all.log + 2 * all.rows + all.search + all.keys,
    // SQLite's search index is left out of copies and made anew.
    copied: all.log + all.rows + all.keys + (store === 'sqlite' ? 0 : all.search),
  }
}

/**
 * What one primary bears a second. SQLite's writers queue for one thread and share its syncs; on
 * PostgreSQL commands are spread over processes, and the server's cores are the bound; on EventStoreDB
 * the leader is, or the processes where there are few. Views behind the log are kept by one process.
 *
 * @param {Inputs} inputs
 * @param {Store} store
 */
export const bears = ({ costs, assumed }, store) => {
  const { cores, syncMs } = assumed.machine
  const { events, commands } = costs.perConversation
  if (store === 'sqlite') {
    const { commandMs } = costs.sqlite
    const commandsPerSecond = 1_000 / commandMs
    return {
      commandsPerSecond,
      commandsPerSecondAlone: 1_000 / (commandMs + syncMs),
      // In the append's own transaction: there is no lag.
      projectedPerSecond: Infinity,
      rebuiltPerSecond: 1_000 / costs.sqlite.projectMs,
    }
  }
  const { commandMs, serverCommandMs, projectMs, serverProjectMs } = costs.postgres
  const rebuiltPerSecond = 1_000 / (projectMs + serverProjectMs)
  if (store === 'postgres')
    return {
      commandsPerSecond: (1_000 * cores) / serverCommandMs,
      commandsPerSecondAlone: 1_000 / (commandMs + serverCommandMs + syncMs),
      projectedPerSecond: rebuiltPerSecond,
      rebuiltPerSecond,
    }
  const { appendsPerSecond, readPerSecond } = assumed.eventstoredb
  const eventsPerCommand = events / commands
  return {
    commandsPerSecond: Math.min(appendsPerSecond / eventsPerCommand, (1_000 * cores) / commandMs),
    commandsPerSecondAlone: 1_000 / (commandMs + syncMs * eventsPerCommand),
    projectedPerSecond: Math.min(rebuiltPerSecond, readPerSecond),
    rebuiltPerSecond: Math.min(rebuiltPerSecond, readPerSecond),
  }
}

/** @param {Inputs} inputs @param {number} conversations kept over all the years */
export const commandsPerDay = ({ costs, assumed }, conversations) =>
  (conversations / (assumed.load.yearsKept * DAYS_A_YEAR)) * costs.perConversation.commands

/**
 * Commands in each minute of a day: a wave from a quiet night to its peak at noon (of twice the mean
 * at least), and a storm there, as when a service fails and everybody writes at once.
 *
 * @param {Inputs} inputs
 * @param {number} perDay
 * @returns {readonly number[]}
 */
export const day = ({ assumed: { load } }, perDay) => {
  const mean = perDay / MINUTES_A_DAY
  // sin² over this many minutes has `peakFactor` times the day's mean at its top.
  const awake = (2 * MINUTES_A_DAY) / load.peakFactor
  const noon = MINUTES_A_DAY / 2
  return Array.from({ length: MINUTES_A_DAY }, (_, minute) => {
    const fromNoon = Math.abs(minute - noon)
    const wave = fromNoon > awake / 2 ? 0 : Math.cos((Math.PI * fromNoon) / awake) ** 2
    const inStorm =
      minute >= noon - load.storm.minutes / 2 && minute < noon + load.storm.minutes / 2
    return mean * (load.peakFactor * wave + (inStorm ? load.storm.factor : 0))
  })
}

/**
 * A queue that is served at a steady pace, minute by minute: how long the last one of any minute has
 * to wait, and for how many minutes some of the minute before were still waiting.
 *
 * @param {readonly number[]} arrivals in each minute
 * @param {number} perSecond
 */
export const queue = (arrivals, perSecond) => {
  let waiting = 0
  let longestWaitSeconds = 0
  let minutesBehind = 0
  for (const arrived of arrivals) {
    waiting = Math.max(0, waiting + arrived - perSecond * 60)
    if (waiting > 0) minutesBehind++
    longestWaitSeconds = Math.max(longestWaitSeconds, waiting / perSecond)
  }
  return { longestWaitSeconds, minutesBehind, waitingAtTheEnd: waiting }
}

/**
 * One inbox of so many conversations, whole on one primary.
 *
 * @param {Inputs} inputs
 * @param {Store} store
 * @param {number} conversations
 */
export const grown = (inputs, store, conversations) => {
  const { costs, assumed } = inputs
  const { commands, events } = costs.perConversation
  const size = sizes(inputs, store, conversations)
  const borne = bears(inputs, store)
  const perDay = commandsPerDay(inputs, conversations)
  const minutes = day(inputs, perDay)
  const writes = queue(minutes, borne.commandsPerSecond)
  const accepted = minutes.map((each) => Math.min(each, borne.commandsPerSecond * 60))
  const projected = queue(
    accepted.map((each) => (each * events) / commands),
    borne.projectedPerSecond,
  )
  const usualPeak = (perDay / (24 * HOUR_S)) * assumed.load.peakFactor
  return {
    ...size,
    perDay,
    usualPeak,
    stormPeak: Math.max(...minutes) / 60,
    utilisation: usualPeak / borne.commandsPerSecond,
    waitSeconds: writes.longestWaitSeconds,
    lagSeconds: projected.longestWaitSeconds,
    backupHours: size.copied / (assumed.machine.diskMBPerSecond * 1e6) / HOUR_S,
    rebuildHours: size.events / borne.rebuiltPerSecond / HOUR_S,
  }
}

/**
 * The limits in the order in which growth reaches them, each with the conversations it is reached at.
 *
 * @param {Inputs} inputs
 * @param {Store} store
 */
export const breaking = (inputs, store) => {
  const { limits } = inputs.assumed
  /** @type {readonly (readonly [string, (grown: Grown) => boolean])[]} */
  const checks = [
    ['rebuild', ({ rebuildHours }) => rebuildHours > limits.rebuildHours],
    ['backup', ({ backupHours }) => backupHours > limits.backupHours],
    ['memory', ({ names }) => names > (inputs.assumed.machine.memoryGB * 1e9) / 2],
    ['disk', ({ atMost }) => atMost > limits.diskTB * 1e12],
    ['writing', ({ utilisation }) => utilisation > limits.utilisation],
    ['storm', ({ waitSeconds, lagSeconds }) => waitSeconds + lagSeconds > limits.lagSeconds],
  ]
  return checks
    .map(([limit, isBeyond]) => ({
      limit,
      conversations: firstBeyond((count) => isBeyond(grown(inputs, store, count))),
    }))
    .sort((a, b) => a.conversations - b.conversations)
}

/** @typedef {ReturnType<typeof grown>} Grown */

/** To three digits; whatever is beyond stays beyond when it grows. @type {(isBeyond: (count: number) => boolean) => number} */
const firstBeyond = (isBeyond) => {
  let [low, high] = [0, 12]
  for (let step = 0; step < 24; step++) {
    const middle = (low + high) / 2
    if (isBeyond(10 ** middle)) high = middle
    else low = middle
  }
  return Number((10 ** high).toPrecision(3))
}

/**
 * Accounts dealt out to machines, the largest first, each to the machine that has least: what the
 * fullest machine gets, and what the largest account has by itself, as shares of all.
 *
 * @param {Assumed['accounts']} accounts
 * @param {number} machines
 */
export const dealt = ({ number, zipf }, machines) => {
  const weights = Array.from({ length: number }, (_, rank) => 1 / (rank + 1) ** zipf)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const loads = Array.from({ length: machines }, () => 0)
  for (const weight of weights) {
    const least = loads.indexOf(Math.min(...loads))
    loads[least] = (loads[least] ?? 0) + weight
  }
  return { fullest: Math.max(...loads) / all, largestAccount: (weights[0] ?? 0) / all }
}
