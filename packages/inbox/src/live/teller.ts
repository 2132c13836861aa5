/** What one subscriber is to be told of a conversation, as it is at the moment it is told. */
import {
  type ConversationRow,
  type ListItem,
  type Pending,
  type ViewKey,
} from '@threadbook/projection-views'
import { BoundedMap, filters, streamName } from '@threadbook/sourcing'
import { conversations, type NoAccess } from '@threadbook/core'
import type { InvalidQuery } from '@threadbook/projection-views'
import * as E from 'fp-ts/lib/Either.js'
import type { NoSuchView } from '../custom-views.js'
import type { Door } from '../door.js'
import { answer } from '../fault.js'
import { itemsOf, rows } from '../list-items.js'
import type { ConversationAt, ConversationPasts } from './conversation-pasts.js'
import type { ReloadReason, SubscribeRequest } from './messages.js'
import { differs, openQuestion, type Question } from './question.js'

type Delta =
  | {
      readonly type: 'entered' | 'changed'
      readonly conversationId: string
      readonly item: ListItem
    }
  | { readonly type: 'left'; readonly conversationId: string }

/** What it leads to: something to say, more to look at first, the list anew, or the end. */
export type Told =
  | { readonly say: Delta }
  | { readonly lookAt: readonly Pending[] }
  | { readonly reload: ReloadReason; readonly question: Question }
  | { readonly refused: InvalidQuery | NoSuchView | NoAccess }

/** Conversations of one contact that are told one by one. */
const MOST_OF_A_CONTACT = 200
/** Conversations of which is remembered what was told last: the others may be told once too often. */
const REMEMBERED = 10_000

const nothing: Told = { lookAt: [] }

export class Teller {
  /** How far along its stream a conversation was told, where that is beyond its place in the log. */
  #told = new BoundedMap<string, number>(REMEMBERED)
  /** Where rows alone do not say it: whether a conversation was told to be there. */
  #shown = new BoundedMap<string, boolean>(REMEMBERED)

  constructor(
    readonly door: Door,
    readonly view: ViewKey | { readonly view: string },
    readonly request: SubscribeRequest,
    readonly pasts: ConversationPasts,
    public question: Question,
  ) {}

  /**
   * What it tells of may have been in the list meanwhile, and the reader may know: told by whoever
   * served it before, or by listing, of more than its place in the log.
   */
  readerMayKnowMore = false

  /** All that was told is forgotten: the list is read anew. */
  startAnew(question: Question): void {
    this.question = question
    this.#told = new BoundedMap(REMEMBERED)
    this.#shown = new BoundedMap(REMEMBERED)
  }

  /** Asks once more what the view means, and whether it may be looked at; nothing where all is as it was. */
  async ask(): Promise<Told> {
    const asked = await openQuestion(this.door, this.view, this.request)
    if (E.isLeft(asked)) return { refused: asked.left }
    const reload = differs(this.question, asked.right)
    return reload === undefined ? nothing : { reload, question: asked.right }
  }

  async tell(pending: Pending): Promise<Told> {
    return pending.about === 'contact' ? this.#ofContact(pending) : this.#tell(pending)
  }

  async #ofContact({ id, behind }: Pending): Promise<Told> {
    const { question } = this
    const found = await answer(
      this.door.adapters.readModels.find(rows, {
        where: filters.and(filters.is('contact', id), question.filter),
        order: { column: 'lastMessageAt', direction: 'descending' },
        limit: MOST_OF_A_CONTACT + 1,
      }),
    )
    if (found.length > MOST_OF_A_CONTACT) return { reload: 'tooManyChanged', question }
    return {
      lookAt: found.map(({ key }) => ({ about: 'conversation', id: key, joined: true, behind })),
    }
  }

  async #tell({ id, first, last, joined }: Pending): Promise<Told> {
    const { pasts } = this
    const stream = streamName(conversations.category, this.door.account, id)
    const known = this.#told.get(id) ?? -1
    if (!joined && last !== undefined && known >= last) return nothing
    const since = last ?? known
    const from = first === undefined ? undefined : Math.max(first - 1, known)
    const earlier = from === undefined ? undefined : await pasts.at(stream, from)
    const soon = await pasts.since(stream, since)
    const before = earlier ?? soon
    const mayBeThere = async (upTo: number): Promise<boolean> =>
      this.#mayHold(before) ||
      (this.readerMayKnowMore &&
        from !== undefined &&
        (await pasts.ever(stream, from, upTo, (moment) => this.#mayHold(moment))))
    if (!this.#mayHold(soon) && !(await mayBeThere(soon.revision))) return nothing

    // Something will be said: whether it may be is asked of the log, and what is said is the latest.
    const asked = await this.ask()
    if (asked !== nothing) return asked
    const after = await pasts.now(stream)
    if (after.revision > since) this.#told.set(id, after.revision)
    return this.#say(id, before, after, joined, () => mayBeThere(after.revision))
  }

  #mayHold({ row }: Pick<ConversationAt, 'row'>): boolean {
    return row !== undefined && this.question.holds(row)
  }

  /** What the list shows of it: where an event broke, only the views know what became of it. */
  async #rowNow(id: string, { row, parked }: ConversationAt): Promise<ConversationRow | undefined> {
    if (!parked) return row
    const found = await answer(this.door.adapters.readModels.get(rows, [id]))
    return found.get(id) as ConversationRow | undefined
  }

  async #say(
    id: string,
    before: ConversationAt,
    after: ConversationAt,
    joined: boolean,
    mayBeThere: () => Promise<boolean>,
  ): Promise<Told> {
    const { exact, holds } = this.question
    const row = await this.#rowNow(id, after)
    const item =
      row !== undefined && holds(row)
        ? (await itemsOf(this.door, [{ key: id, row }], this.request.viewer))[0]
        : undefined
    const isIn = item !== undefined && exact?.({ ...row, unread: item.unread ?? false }) !== false
    const wasIn = exact === undefined ? this.#mayHold(before) : this.#shown.get(id)
    if (exact !== undefined) this.#shown.set(id, isIn)
    if (!isIn)
      return wasIn === false && !(exact === undefined && (await mayBeThere()))
        ? nothing
        : { say: { type: 'left', conversationId: id } }
    if (wasIn === true && !joined && row === before.row) return nothing
    return { say: { type: wasIn === true ? 'changed' : 'entered', conversationId: id, item } }
  }
}
