import type { Person } from '@threadbook/core'
import type { Erased, IsoTime } from '@threadbook/sourcing'

/** What a link to it names (D-20): it stays the same when a conversation is moved or merged. */
export interface Linked {
  readonly conversationId: string
  readonly at: IsoTime
  readonly actor: string
}

export interface ShownPerson {
  readonly contact: string | null
  readonly who: Person | Erased
}
