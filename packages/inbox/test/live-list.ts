/** A list on a screen: it does as the subscription says, and nothing else. */
import type { Inbox, ListRequest, SubscribeRequest, ViewMessage } from '@threadbook/inbox'
import type { ListItem, ViewKey } from '@threadbook/projection-views'
import * as E from 'fp-ts/lib/Either.js'

export type View = ViewKey | { readonly view: string }
type Scope = Omit<SubscribeRequest, 'from' | 'signal'>

/** All of a view, by conversation; the type of the refusal where it may not be seen. */
export const listAll = async (
  inbox: Inbox,
  view: View,
  scope: Scope,
): Promise<ReadonlyMap<string, ListItem> | string> => {
  const items = new Map<string, ListItem>()
  const request: ListRequest = { ...scope, limit: 500 }
  for (let after: string | undefined; ;) {
    const page = await inbox.views.list(view, { ...request, after })
    if (E.isLeft(page)) return page.left.type
    for (const item of page.right.items) items.set(item.conversationId, item)
    after = page.right.next
    if (after === undefined) return items
  }
}

const aMoment = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  return undefined
}

export class LiveList {
  items = new Map<string, ListItem>()
  /** Why there is nothing to be seen any more. */
  refused: string | undefined
  readonly heard: ViewMessage[] = []
  #position: string | undefined
  #messages: AsyncIterator<ViewMessage>
  #next: Promise<IteratorResult<ViewMessage>> | undefined

  constructor(
    public inbox: Inbox,
    readonly view: View,
    readonly scope: Scope,
  ) {
    this.#messages = this.#subscribe()
  }

  #subscribe(): AsyncIterator<ViewMessage> {
    const request = { ...this.scope, from: this.#position }
    return this.inbox.views.subscribe(this.view, request)[Symbol.asyncIterator]()
  }

  async #take(message: ViewMessage): Promise<void> {
    this.heard.push(message)
    if (message.type === 'failed') {
      this.refused = message.fault.type
      this.items.clear()
      return
    }
    this.#position = message.position
    if (message.type === 'left') this.items.delete(message.conversationId)
    else if (message.type === 'entered' || message.type === 'changed')
      this.items.set(message.conversationId, message.item)
    else if (message.type === 'reload') {
      const listed = await listAll(this.inbox, this.view, this.scope)
      this.items = new Map(typeof listed === 'string' ? [] : listed)
    }
  }

  /** The next message, however long it takes; undefined where it has ended. */
  async next(): Promise<ViewMessage | undefined> {
    this.#next ??= this.#messages.next()
    const { done, value } = await this.#next
    this.#next = undefined
    if (done === true) return undefined
    await this.#take(value)
    return value
  }

  /** So many messages at most, and no longer than they are at hand. */
  async readSome(most: number): Promise<void> {
    for (let n = 0; n < most && this.refused === undefined; n++) {
      this.#next ??= this.#messages.next()
      if ((await Promise.race([this.#next, aMoment()])) === undefined) return
      await this.next()
    }
  }

  /** Away, and back again where it was; on another inbox at the same store, if told. */
  async comeBack(inbox: Inbox = this.inbox): Promise<void> {
    await this.end()
    this.inbox = inbox
    this.#next = undefined
    this.#messages = this.#subscribe()
  }

  /** Reads on until all is told that stood in the log when it began. */
  async catchUp(): Promise<void> {
    for (;;) {
      const message = await this.next()
      if (message === undefined || message.type === 'caughtUp' || message.type === 'failed') return
    }
  }

  async end(): Promise<void> {
    await this.#messages.return?.()
  }
}
