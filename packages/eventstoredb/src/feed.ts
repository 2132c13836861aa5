/**
 * `$all` as a queue that is pulled: what the client tells by events of different kinds comes out in
 * the order in which it was sent.
 */
import { setImmediate } from 'node:timers/promises'
import type { EventFilter, Position } from '@threadbook/sourcing'
import type { OpenCall, ReadBack, Resolved, StreamsClient } from './client.js'
import { fromPosition, toPosition } from './position.js'
import { passes, serverFilter } from './server-filter.js'

export type Fed =
  /** `event` is undefined for what the filter does not let pass. */
  | { readonly type: 'event'; readonly event: ReadBack | undefined; readonly position: Position }
  /** The server has looked at all up to here. */
  | { readonly type: 'checkpoint'; readonly position: Position }
  | { readonly type: 'caughtUp' }
  /** The last: the call is over, whatever the reason. */
  | { readonly type: 'dropped'; readonly error: unknown }

export interface Feed {
  /** What has come, at least one, in order; nothing only once the feed is closed. */
  readonly take: () => Promise<readonly Fed[]>
  readonly close: () => void
}

/** Records looked at before the server says how far it is, also where none passes. */
const WINDOW = 500

const nothing = (): void => undefined

export interface FeedOptions {
  readonly after: Position | undefined
  readonly filter: EventFilter
  /** What waits here at most; beyond it the server waits. */
  readonly bound: number
}

export const openFeed = (client: StreamsClient, { after, filter, bound }: FeedOptions): Feed => {
  const begin = after === undefined ? 'start' : fromPosition(after)
  const isWanted = passes(filter)
  let queue: Fed[] = []
  let over = false
  let paused = false
  let onFed: (() => void) | undefined
  let call: OpenCall | undefined
  /** Events received from the client so far. */
  let received = 0
  /** What is told beside the events, and behind how many of them it belongs. */
  let marks: { readonly behind: number; readonly fed: Fed }[] = []

  const push = (fed: Fed) => {
    if (over) return
    queue.push(fed)
    if (queue.length >= bound && !paused) {
      paused = true
      call?.pause()
    }
    onFed?.()
  }
  const pushDueMarks = () => {
    while (marks[0] !== undefined && marks[0].behind <= received) push(marks.shift()!.fed)
  }
  /** It is told at once, and belongs behind the events that still wait inside the client. */
  const mark = (fed: Fed) => {
    marks.push({ behind: received + (call?.readableLength ?? 0), fed })
    pushDueMarks()
  }
  const take = ({ event, link }: Resolved) => {
    received++
    const position = (link ?? event)?.position
    if (position === undefined) drop(new Error('an event came without its position'))
    else
      push({
        type: 'event',
        event: event !== undefined && isWanted(event) ? event : undefined,
        position: toPosition(position),
      })
    pushDueMarks()
  }
  const free = () => {
    call?.unsubscribe().catch(nothing)
  }
  const drop = (error: unknown) => {
    marks = []
    push({ type: 'dropped', error })
    over = true
    free()
  }

  try {
    call = client.subscribeToAll({
      fromPosition: begin,
      filter: {
        ...serverFilter(filter),
        checkpointInterval: 1,
        maxSearchWindow: WINDOW,
        checkpointReached: (_, position) => {
          mark({ type: 'checkpoint', position: toPosition(position) })
        },
      },
      requiresLeader: true,
    })
    // These stay: an error that comes after the end would end the process.
    call.on('error', drop)
    call.on('end', () => {
      drop(new Error('the server ended the subscription'))
    })
    call.on('close', () => {
      drop(new Error('the subscription was closed'))
    })
    call.on('caughtUp', () => {
      mark({ type: 'caughtUp' })
    })
    call.on('data', take)
  } catch (error) {
    drop(error)
  }

  return {
    take: async () => {
      if (queue.length === 0 && !over)
        await new Promise<void>((resolve) => {
          onFed = resolve
        })
      onFed = undefined
      // What arrived in the same moment comes in the same slice.
      for (let length = 0; length < queue.length && queue.length < bound && !over;) {
        length = queue.length
        await setImmediate()
      }
      const taken = queue
      queue = []
      if (paused && !over) {
        paused = false
        call?.resume()
      }
      return taken
    },
    close: () => {
      if (over) return
      over = true
      queue = []
      marks = []
      onFed?.()
      free()
    },
  }
}
