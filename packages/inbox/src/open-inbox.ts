/** The front door: what a host opens, and all it needs from then on. */
import type { Assistant, Crm, RecordReference, Request } from '@threadbook/core'
import {
  BoundedMap,
  Faulted,
  isAccountName,
  processTurns,
  rebuilder as rebuilderOf,
  type Adapters,
  type CommandFault,
  type IsoTime,
  type OnParked,
  type ParkedEvent,
  type ProcessTurns,
  type Rebuilder,
  type Receipt,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { attachFile, newMail, type AttachFile, type FileToAttach, type NewMail } from './attach.js'
import { outbox } from './delivery/outbox.js'
import type { Delivery, Route } from './delivery/port.js'
import { assistanceOf, type Assistance } from './assistant.js'
import { customViewTable } from './custom-view-table.js'
import { inboxTable } from './access.js'
import { assigneeTable, readAssignees, type Assignee, type AssigneesRequest } from './assignees.js'
import {
  readAvailability,
  type AvailabilityRequest,
  type ShownAvailability,
} from './availability.js'
import { allowedActions, type AllowedActions } from './allowed-actions.js'
import { openDoors, systemClock, type Clock, type Door } from './door.js'
import { executeWhole, readBulkOperation, type ReadBulkOperation } from './bulk-operation.js'
import type { Executed } from './execute.js'
import { forget } from './forget.js'
import { explain, type Explained, type ExplainRequest } from './history/explain.js'
import type { Question } from './history/world.js'
import { readMessage, type ReadMessage } from './message.js'
import {
  readBlob,
  readThread,
  type ReadBlob,
  type ReadThread,
  type ThreadRequest,
} from './thread.js'
import type { Health } from './health/health.js'
import { lastFaults } from './health/last-faults.js'
import { startMetrics } from './health/metrics.js'
import { readHealth } from './health/read-health.js'
import { builtIn, forCrm } from './reactions/built-in.js'
import { delivery } from './reactions/delivery.js'
import type { InboxReaction } from './reactions/reaction.js'
import type { ReactionNews } from './reactions/run-reaction.js'
import { startReactions, type Reactions } from './reactions/start-reactions.js'
import { openableInboxes, type OpenableInbox } from './inboxes.js'
import { liveViews } from './live/subscribe.js'
import { projectionsOf, type Projections } from './projections/index.js'
import { rebuilding } from './projections/rebuild.js'
import { nothingToWaitFor, startProjector, type Projector } from './projector.js'
import { startIndexer } from './search/indexer.js'
import type { SearchRequest } from './search/request.js'
import { search, type Searched } from './search/search.js'
import { tick, type Ticked } from './tick.js'
import { readStateRows } from './unread.js'
import { readSidebar, type ReadSidebar } from './sidebar.js'
import { readTimeline, records, type ReadTimeline, type TimelineRequest } from './timeline.js'
import { names, rows } from './list-items.js'
import { viewsOf, type Views } from './views.js'
import { teamTable } from './viewers-teams.js'

export interface OpenOptions {
  /** The tenant (D-16); `main` unless told. */
  readonly account?: string
  /** The inbox that is meant where a command or query names none; `support` unless told. */
  readonly inbox?: string
  readonly clock?: Clock
  /** Makes ids: UUIDv7 unless told. */
  readonly newId?: () => string
  /** Tickets, deals and what else hangs on a contact; without it, there are none. */
  readonly crm?: Crm
  /** A language model that drafts and summarizes (S-069, S-070). */
  readonly assistant?: Assistant
  /** The host's own, beside ours: kept up to date with them, and read through the adapters. */
  readonly projections?: readonly Rows[]
  /** The host's own, beside ours; `reaction` and `effect` make them. */
  readonly reactions?: readonly InboxReaction[]
  /**
   * Views that run behind their log, and reactions, run in one process at a time. Milliseconds
   * without a sign of life after which others take over from it; 5,000 unless told. All processes
   * are to be told the same.
   */
  readonly takeOverAfter?: number
  /** Hears what came of reactions. */
  readonly onReaction?: (news: ReactionNews) => void
  /** Hears of faults in the background, which are tried again: a store that cannot be reached. */
  readonly onFault?: (where: string, fault: unknown) => void
  /** What leaves goes out through it; without it, what is sent is written down and no more. */
  readonly delivery?: Delivery
  /** Ways out that another process, opened on the same log, has a port for. */
  readonly deliveredElsewhere?: readonly Route[]
}

export interface Inbox extends AsyncDisposable {
  /** Checks and carries out what is asked. A Left is a refusal or a fault: nothing was changed. */
  readonly execute: (request: Request) => Promise<Executed>
  readonly views: Views
  /** The inboxes that a user may open, all where nobody is named (S-003, K-15). */
  readonly inboxes: (viewer?: string) => Promise<E.Either<CommandFault, readonly OpenableInbox[]>>
  /** Whom conversations can be found by: those who are there, and with `includeGone` all (S-015). */
  readonly assignees: (
    request?: AssigneesRequest,
  ) => Promise<E.Either<CommandFault, readonly Assignee[]>>
  /** What a user may do now with a conversation, a message or a selection, and why not (S-077). */
  readonly allowedActions: AllowedActions
  /** Whether a user is there, as the team and as a visitor sees it (S-098…S-100). */
  readonly availability: (
    userId: string,
    request?: AvailabilityRequest,
  ) => Promise<E.Either<CommandFault, ShownAvailability>>
  /**
   * Answers once views hold what was accepted: at once where log and views share a transaction, a
   * moment later elsewhere. Takes what `execute` answered, also in another process.
   */
  readonly waitFor: (
    accepted: { readonly receipts: readonly Receipt[] },
    signal?: AbortSignal,
  ) => Promise<E.Either<CommandFault, void>>
  /**
   * Answers once views hold all that was in the log when it was asked, whoever wrote it: at once
   * where log and views share a transaction.
   */
  readonly caughtUp: (signal?: AbortSignal) => Promise<E.Either<CommandFault, void>>
  /** A conversation as a viewer may read it: messages and comments in their order. */
  readonly thread: (conversationId: string, request?: ThreadRequest) => Promise<ReadThread>
  /**
   * Which events, by whom and when, put a conversation into a view or took it out, and which terms of
   * the view's filter hold now: from the log alone. Of what the viewer may not see it tells nothing.
   */
  readonly explain: (
    conversationId: string,
    view: Question['view'],
    request?: ExplainRequest,
  ) => Promise<Explained>
  /** What is to be seen beside it: each section there, or missing for a reason (S-048…S-063). */
  readonly sidebar: (conversationId: string, request?: ThreadRequest) => Promise<ReadSidebar>
  /** What the host's language model writes. It is given nothing hidden, and no comments. */
  readonly assistant: Assistance
  /** What is logged on a contact, ticket, deal or company. */
  readonly timeline: (record: RecordReference, request?: TimelineRequest) => Promise<ReadTimeline>
  /** One message by what a link to it names, wherever its conversation is by now (S-092). */
  readonly message: (
    conversationId: string,
    messageId: string,
    request?: ThreadRequest,
  ) => Promise<ReadMessage>
  /**
   * The id of a conversation to come, for `attach` and then for `compose` (S-046). Where nothing is
   * composed in the end, nothing is to be seen of it.
   */
  readonly newMail: () => Promise<NewMail>
  /** Stores a file for a message to come, which takes what this answers in its `attachments`. */
  readonly attach: (conversationId: string, file: FileToAttach) => Promise<AttachFile>
  /** The bytes of an attachment, or of a long content, that `thread` names. */
  readonly blob: (
    conversationId: string,
    blob: string,
    request?: ThreadRequest,
  ) => Promise<ReadBlob>
  /**
   * What became of each conversation of a selection (S-089). What a crash cut off is finished by
   * itself: soon after an inbox is opened again, or ten seconds after its start in another process.
   */
  readonly bulkOperation: (bulkOperationId: string) => Promise<ReadBulkOperation>
  /**
   * Conversations by words and conditions at once, the last ones first unless told (S-009…S-020).
   * It spans Spam and Trash unless told otherwise (D-14), and leaves the chosen view as it is.
   */
  readonly search: (request: SearchRequest) => Promise<Searched>
  /**
   * Brings the search index up to date, which else happens when nothing else is to do, and before
   * a search. `onProgress` hears how many events that took so far.
   */
  readonly indexWords: (options?: {
    readonly signal?: AbortSignal
    readonly onProgress?: (events: number) => void
  }) => Promise<E.Either<CommandFault, void>>
  /** Does what is due, for this account (see `tick`). */
  readonly tick: (now: IsoTime) => Promise<E.Either<CommandFault, Ticked>>
  /** Answers once every reaction has handled what is in the log, and what came of that. */
  readonly settled: (signal?: AbortSignal) => Promise<void>
  readonly reactions: Reactions
  /**
   * How far views and reactions are, and what somebody should look at. Costs four small queries a
   * projection and three a reaction, and reads at most 100 events of each: to be asked every few
   * seconds. Reactions' parked events are this account's.
   */
  readonly health: () => Promise<Health>
  /** What to do when a view stands still or is doubted. */
  readonly projections: Projections
  /** Another account, or another inbox of it, behind the same adapters. */
  readonly account: (account: string, inbox?: string) => Inbox
  /** What packages that bring messages in (e-mail, chat) work with. */
  readonly door: Door
  /** Waits for what runs, then closes the adapters. */
  readonly close: () => Promise<void>
}

const orThrow = <A>(answer: E.Either<{ readonly type: string }, A>, doing: string): A => {
  if (E.isLeft(answer)) throw new Error(`${doing}: ${JSON.stringify(answer.left)}`)
  return answer.right
}

/** Accounts that reactions have a door to at hand. */
const DOORS_KEPT = 1_000

/** In the appends' own transactions where the adapters can, else right behind them. */
const startProjections = async (
  adapters: Adapters,
  projections: readonly Rows[],
  onParked: OnParked,
  turns: ProcessTurns,
  rebuilder: Rebuilder,
): Promise<Projector> => {
  const { projectInline, readModels } = adapters
  orThrow(await rebuilder.ensure(projections), 'the views could not be built')
  if (projectInline !== undefined) {
    orThrow(
      await projectInline(projections, onParked)(),
      'the views could not be brought up to date',
    )
    return nothingToWaitFor
  }
  for (const projection of projections)
    orThrow(await readModels.open(projection)(), 'the views could not be opened')
  const projector = startProjector(adapters, projections, onParked, turns)
  const caughtUp = await projector.caughtUp()
  if (E.isLeft(caughtUp)) await projector.stop()
  orThrow(caughtUp, 'the views could not catch up')
  return projector
}

/**
 * Opens an inbox on adapters that the host made. Brings the views up to date first, and makes up
 * for what a crash left undone. Rejects where the adapters cannot be used at all.
 */
export const openInbox = async (
  adapters: Adapters,
  {
    account = 'main',
    inbox = 'support',
    clock = systemClock,
    newId,
    projections = [],
    reactions = [],
    onReaction = () => undefined,
    onFault: tellFault = () => undefined,
    takeOverAfter,
    ...ports
  }: OpenOptions = {},
): Promise<Inbox> => {
  const faults = lastFaults(clock.now, tellFault)
  const onFault = faults.hear
  const untold: ParkedEvent[] = []
  const turns = processTurns(adapters.readModels, { takeOverAfter })
  /** Nothing goes on behind an inbox that could not be opened. */
  const orStop = <A>(starting: Promise<A>): Promise<A> =>
    starting.catch(async (error: unknown) => {
      await turns.stop()
      throw error
    })
  const all = [
    rows,
    names,
    records,
    readStateRows,
    customViewTable,
    outbox,
    inboxTable,
    assigneeTable,
    teamTable,
    ...projections,
  ]
  const onParked: OnParked = (_, parked) => void untold.push(...parked)
  const rebuilder = rebuilderOf(adapters, turns, onParked)
  const projector = await orStop(startProjections(adapters, all, onParked, turns, rebuilder))
  const forgotten = forget(adapters)
  await orStop(forgotten.then((done) => orThrow(done, 'what was purged could not be forgotten')))
  const open = openDoors(adapters, clock, untold, newId, ports)

  const doors = new BoundedMap<string, Door>(DOORS_KEPT)
  const doorOf = (account: string): Door => {
    const door = doors.get(account) ?? open(account, inbox)
    doors.set(account, door)
    return door
  }
  const upToDate = async (event: RecordedEvent, signal?: AbortSignal): Promise<void> => {
    const { stream, revision, position } = event
    const receipt = { stream, revision, position, outcome: 'accepted' } as const
    const waited = await projector.waitFor([receipt], signal)
    if (E.isLeft(waited)) throw new Faulted(waited.left)
  }
  const allReactions = [
    ...builtIn,
    ...forCrm(ports.crm),
    ...(ports.delivery ? [delivery] : []),
    ...reactions,
  ]
  const starting = startReactions(
    adapters,
    allReactions,
    { doorOf, upToDate, onNews: onReaction },
    { onFault, turns },
  )
  const reacting = await orStop(
    starting.then((started) => orThrow(started, 'the reactions could not be started')),
  )

  const live = liveViews({ adapters, upToDate, caughtUp: projector.caughtUp, onFault })
  const indexer =
    adapters.search && startIndexer(adapters, adapters.search, { doorOf, upToDate, onFault })

  const running = new Set<Promise<unknown>>()
  /** Kept in sight, so that closing can wait for it. */
  const run = <A>(work: Promise<A>): Promise<A> => {
    running.add(work)
    const done = () => void running.delete(work)
    work.then(done, done)
    return work
  }
  const rebuilds = rebuilding({ projections: all, rebuilder }, onFault)
  const looksAfter = projectionsOf(
    { ...adapters, projections: all, now: clock.now, rebuilding: rebuilds, turns },
    run,
  )
  const healthOf = (door: Door) => () =>
    run(
      readHealth({
        adapters,
        projections: all,
        reactions: allReactions,
        turns,
        faults,
        now: clock.now,
        parkedReactions: () => reacting.countParked(door),
      }),
    )
  const endMetrics = startMetrics(healthOf(doorOf(account)))
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= endMetrics()
      .then(() => live.stop())
      .then(() => rebuilds.stop())
      .then(() => Promise.allSettled(running))
      .then(() => indexer?.stop())
      .then(() => reacting.stop())
      .then(() => projector.stop())
      .then(() => turns.stop())
      .then(() => adapters.close())
    return closed
  }
  const scoped = (account: string, inbox: string): Inbox => {
    if (!isAccountName(account))
      throw new Error('account: expected 1 to 64 letters, digits, _ or -')
    const door = open(account, inbox)
    const assistance = assistanceOf(door)
    return {
      door,
      execute: (request) => run(executeWhole(door)(request)),
      inboxes: (viewer) => run(openableInboxes(door, viewer)),
      assignees: (request) => run(readAssignees(door, request)),
      allowedActions: allowedActions(door),
      availability: (userId, request) => run(readAvailability(door, userId, request)),
      bulkOperation: (id) => run(readBulkOperation(door, id)),
      views: viewsOf(door, live),
      waitFor: ({ receipts }, signal) => run(projector.waitFor(receipts, signal)),
      caughtUp: (signal) => run(projector.caughtUp(signal)),
      explain: (id, view, request) => run(explain(door, id, view, request)),
      sidebar: (id, request) => run(readSidebar(door, id, request)),
      assistant: {
        write: (id, request) => run(assistance.write(id, request)),
        summarize: (id, request) => run(assistance.summarize(id, request)),
      },
      timeline: (record, request) => run(readTimeline(door, record, request)),
      thread: (id, request) => run(readThread(door, id, request)),
      newMail: () => run(newMail(door)),
      attach: (id, file) => run(attachFile(door, id, file)),
      message: (id, message, request) => run(readMessage(door, id, message, request)),
      blob: (id, blob, request) => run(readBlob(door, id, blob, request)),
      search: (request) => run(search(door, indexer, request)),
      indexWords: async (options = {}) => {
        const done = indexer && (await run(indexer.caughtUp(options)))
        return done !== undefined && E.isLeft(done) ? done : E.right(undefined)
      },
      settled: reacting.settled,
      reactions: reacting.of(door),
      health: healthOf(door),
      projections: looksAfter,
      tick: (now) => run(tick(door, now)),
      account: (other, itsInbox = inbox) => scoped(other, itsInbox),
      close,
      [Symbol.asyncDispose]: close,
    }
  }
  return scoped(account, inbox)
}
