/** One conversation as a viewer may read it, with what was merged into it. */
import {
  conversations,
  isSuperAdmin,
  readStates,
  user,
  users,
  type Content,
  type ConversationEvent,
  type NoAccess,
} from '@threadbook/core'
import {
  readable,
  thread,
  threadKeys,
  type ShownMessage,
  type Thread,
  type ThreadParts,
} from '@threadbook/projection-thread'
import { unsealBytes, type CommandFault, type RecordedEvent } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { conversationNotToBeSeen } from './access.js'
import { historyOf } from './conversation-events.js'
import type { Door } from './door.js'
import { answer, answering } from './fault.js'
import { stateOf } from './state-of.js'

/** There is none, or there is none any more (S-044, S-092). */
export interface NoSuchThread {
  readonly type: 'NoSuchThread'
  readonly conversationId: string
}

/** None that this viewer may read: it never was, its message is hidden, or its content is gone. */
export interface NoSuchBlob {
  readonly type: 'NoSuchBlob'
  readonly blob: string
}

export interface ThreadRequest {
  /** The id of the user who reads; nobody in particular where left out. */
  readonly viewer?: string | undefined
}

type Part = Pick<ThreadParts, 'conversationId' | 'events'>
type Event = RecordedEvent<ConversationEvent>

/** What was merged into it and not taken out again. */
const sourcesIn = (events: readonly Event[]): ReadonlySet<string> => {
  const sources = new Set<string>()
  for (const { type, data } of events)
    if (type === 'MergedFrom') sources.add(data.source)
    else if (type === 'UnmergedFrom') sources.delete(data.source)
  return sources
}

/** The conversations that were merged into it, and into those. */
const mergedInto = async (door: Door, events: readonly Event[]): Promise<readonly Part[]> => {
  const parts: Part[] = []
  for (const conversationId of sourcesIn(events)) {
    const its = await historyOf(door, conversationId)
    parts.push({ conversationId, events: its }, ...(await mergedInto(door, its)))
  }
  return parts
}

const userOf = (door: Door, id: string) => stateOf(door, users, id)
/** Its events and those of what was merged into it. */
export const eventsWithMerged = async (
  door: Door,
  conversationId: string,
): Promise<readonly Event[]> => {
  const events = await historyOf(door, conversationId)
  const merged = await mergedInto(door, events)
  return [...merged.flatMap((part) => part.events as readonly Event[]), ...events]
}

const USER = 'user:'

/** Of those who hid something, the ones who are gone: they cannot unhide it any more (D-10). */
const removedUsers = async (door: Door, events: readonly Event[]): Promise<ReadonlySet<string>> => {
  const hid = events.flatMap(({ type, metadata: { actor } }) =>
    type === 'MessageHidden' && actor.startsWith(USER) ? [actor] : [],
  )
  const removed = new Set<string>()
  for (const actor of new Set(hid))
    if ((await userOf(door, actor.slice(USER.length))).situation === 'removed') removed.add(actor)
  return removed
}

const readSoFar = async (door: Door, viewer: string, conversationId: string) =>
  (await stateOf(door, readStates, viewer)).conversations.get(conversationId)

export type ReadThread = E.Either<NoSuchThread | NoAccess | CommandFault, Thread>

export const readThread = (
  door: Door,
  conversationId: string,
  { viewer }: ThreadRequest = {},
): Promise<ReadThread> =>
  answering(async (): Promise<ReadThread> => {
    const unseen = await conversationNotToBeSeen(door, viewer, conversationId)
    if (unseen !== undefined) return E.left(unseen)
    const events = await historyOf(door, conversationId)
    const merged = await mergedInto(door, events)
    const all = [...events, ...merged.flatMap((part) => part.events as readonly Event[])]
    const keys = await answer(door.adapters.vault.read(threadKeys(all)))
    const found = thread(
      {
        conversationId,
        events,
        merged,
        keys,
        removedUsers: await removedUsers(door, all),
        read: viewer === undefined ? undefined : await readSoFar(door, viewer, conversationId),
      },
      {
        actor: viewer === undefined ? '' : user(viewer),
        superAdmin: viewer !== undefined && isSuperAdmin(await userOf(door, viewer)),
      },
    )
    return found === undefined ? E.left({ type: 'NoSuchThread', conversationId }) : E.right(found)
  })

/** The whole of a content that is cut in its event: JSON, safe to show as the thread's own is. */
const readableBody = (bytes: Uint8Array): Uint8Array => {
  const content = JSON.parse(Buffer.from(bytes).toString()) as Content
  return Buffer.from(JSON.stringify(readable(content, 'apart')))
}

export type ReadBlob = E.Either<NoSuchBlob | NoSuchThread | NoAccess | CommandFault, Uint8Array>

/**
 * The bytes of an attachment, or of a content that is cut in its event, by the blob's name in the
 * thread. What the viewer may not read there is not to be had here either (D-10).
 */
export const readBlob = (
  door: Door,
  conversationId: string,
  blob: string,
  request: ThreadRequest = {},
): Promise<ReadBlob> =>
  answering(async (): Promise<ReadBlob> => {
    const found = await readThread(door, conversationId, request)
    if (E.isLeft(found)) return found
    const holder = found.right.entries.find(
      (entry): entry is ShownMessage =>
        entry.type === 'message' &&
        entry.hidden === null &&
        (entry.body === blob || entry.attachments.some((each) => each.blob === blob)),
    )
    if (holder === undefined) return E.left({ type: 'NoSuchBlob', blob })
    const state = await door.commands.read(door.account, conversations, holder.conversationId)
    if (E.isLeft(state)) return state
    const keyId = state.right.situation === 'present' ? state.right.key : undefined
    const bytes = await answer(door.adapters.blobs.get(blob))
    const key =
      keyId === undefined ? undefined : (await answer(door.adapters.vault.read([keyId]))).get(keyId)
    if (bytes === undefined || key === undefined) return E.left({ type: 'NoSuchBlob', blob })
    const plain = unsealBytes(bytes, blob, key)
    return E.right(holder.body === blob ? readableBody(plain) : plain)
  })
