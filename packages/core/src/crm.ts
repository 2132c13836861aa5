/**
 * The port to the CRM that a host has: tickets, deals, companies and whatever else hangs on a contact.
 * Contacts and conversations go by our ids, all other records by the CRM's own.
 */
import type { IsoTime, Unavailable } from '@threadbook/sourcing'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Property } from './properties.js'

/** It will never do what it was asked for; `reason` is for people to read. */
export interface CrmRefusal {
  readonly type: 'CrmRefusal'
  readonly reason: string
}

/** A record of the CRM, or a contact, by its type: what a screen links to (S-050, S-074). */
export interface RecordReference {
  readonly type: 'contact' | 'ticket' | 'deal' | 'company' | 'customObject'
  readonly id: string
}

/** A message as it is to be shown on records' timelines. */
export interface LoggedMessage {
  readonly conversation: string
  readonly message: string
  readonly at: IsoTime
  readonly direction: 'incoming' | 'outgoing'
  readonly channel: string
  readonly subject?: string
  readonly text: string
}

export type CrmChange =
  | {
      readonly type: 'createTicket' | 'createDeal'
      readonly name: string
      readonly properties: readonly Property[]
      /** Who it is about; left out where the conversation has no contact. */
      readonly contact?: string
      readonly conversation: string
      readonly inbox: string
      /** A ticket of the help desk, not of the inbox (S-060). */
      readonly helpDesk?: true
    }
  | { readonly type: 'closeTicket'; readonly ticket: string }
  /**
   * For good: a ticket by its id, or the one that was asked for under a key. It need not be there, and
   * what was asked for under that key comes to nothing from then on.
   */
  | { readonly type: 'deleteTicket'; readonly ticket?: string; readonly key?: string }
  /** The ticket's conversation was moved to this inbox (K-16). */
  | { readonly type: 'moveTicket'; readonly ticket: string; readonly inbox: string }
  /** Values of properties; what is left out stays. */
  | {
      readonly type: 'changeProperties'
      readonly of: RecordReference
      readonly properties: readonly Property[]
    }
  /** From now on on the timelines of just these records, and of the contact's company; of none: gone. */
  | {
      readonly type: 'log'
      readonly message: Pick<LoggedMessage, 'conversation' | 'message'> & Partial<LoggedMessage>
      readonly records: readonly RecordReference[]
    }
  /** Nothing of the conversation is on any timeline from now on (S-042, S-044). */
  | { readonly type: 'unlog'; readonly conversation: string }
  /** The first contact's records are the second's from now on. */
  | { readonly type: 'mergeContacts'; readonly contact: string; readonly into: string }

export interface CrmRecord extends RecordReference {
  readonly name: string
  readonly properties: readonly Property[]
  /** Of tickets and deals. */
  readonly status?: 'open' | 'closed'
  /** Its kind, as the CRM calls it: of custom objects. */
  readonly kind?: string
  /** Its page. */
  readonly url?: string
}

/** What a contact said in a survey (S-059). */
export interface CrmFeedback {
  readonly id: string
  readonly at: IsoTime
  readonly survey: string
  /** As the survey counts. */
  readonly score?: number
  readonly text?: string
}

/** What the CRM knows around a contact. */
export interface CrmContact {
  /** The contact's own properties. */
  readonly properties: readonly Property[]
  readonly url?: string
  readonly tickets: readonly CrmRecord[]
  readonly deals: readonly CrmRecord[]
  readonly company?: CrmRecord
  /** Those associated with the contact, not those of a conversation (S-063). */
  readonly customObjects: readonly CrmRecord[]
  readonly feedback: readonly CrmFeedback[]
}

export interface Crm {
  /**
   * Does one thing, and answers with the id of the record that was made (of any other change, with no
   * id). The same key again is the same thing: once done it is answered as the first time. After
   * `Unavailable` it is asked again, under the same key, for as long as it takes.
   */
  readonly change: (
    account: string,
    change: CrmChange,
    key: string,
  ) => TaskEither<Unavailable | CrmRefusal, string | undefined>
  /** Undefined where it does not know the contact. */
  readonly contact: (
    account: string,
    contact: string,
  ) => TaskEither<Unavailable, CrmContact | undefined>
  /** In the order asked for; undefined for one that is not there. */
  readonly records: (
    account: string,
    records: readonly RecordReference[],
  ) => TaskEither<Unavailable, readonly (CrmRecord | undefined)[]>
}
