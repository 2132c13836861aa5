/** What everything behind the front door shares: one account's view of the adapters. */
import { createHmac } from 'node:crypto'
import type { Assistant, Crm } from '@threadbook/core'
import {
  commandHandling,
  Faulted,
  keyRing,
  type Adapters,
  type CommandHandling,
  type IsoTime,
  type KeyRing,
  type ParkedEvent,
  type Receipt,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { timeOrderedId } from './time-ordered-id.js'
import type { Delivery, Route } from './delivery/port.js'

/** A keyed hash of a text or of bytes, for one account: 22 characters, safe in a stream's name. */
export type Mac = (input: string | Uint8Array) => string

export interface Clock {
  /** Now, as ISO 8601 in UTC with milliseconds. */
  readonly now: () => IsoTime
}

export interface Door {
  readonly adapters: Adapters
  readonly account: string
  /** The inbox that is meant where a command or query names none. */
  readonly inbox: string
  readonly commands: CommandHandling
  readonly keys: KeyRing
  readonly now: () => IsoTime
  /** A new UUIDv7: conversations, messages, comments, contacts, keys. */
  readonly newId: () => string
  /** What the host has connected (S-053); undefined where it has none. */
  readonly crm: Crm | undefined
  /** The host's language model; undefined where it has none. */
  readonly assistant: Assistant | undefined
  /** Whether what leaves by this way is handed over by us. */
  readonly delivers: (route: Route) => boolean
  /** Undefined where others hand over, or nobody does. */
  readonly delivery: Delivery | undefined
  /** Made with the account's key; throws `Faulted` where the vault does not answer. */
  readonly mac: () => Promise<Mac>
  /** What was parked up to these receipts and not told yet. */
  readonly parked: (receipts: readonly Receipt[]) => readonly ParkedEvent[]
}

/** What a host has connected beside its stores. */
export interface Ports {
  readonly crm?: Crm | undefined
  readonly assistant?: Assistant | undefined
  readonly delivery?: Delivery | undefined
  readonly deliveredElsewhere?: readonly Route[] | undefined
}

const MAC_LENGTH = 22

export const systemClock: Clock = { now: () => new Date().toISOString() }

/** What all accounts of one opened inbox share. `untold` is filled by whoever runs projections. */
export const openDoors = (
  adapters: Adapters,
  clock: Clock,
  untold: ParkedEvent[],
  newId: () => string = timeOrderedId,
  { crm, assistant, delivery, deliveredElsewhere = [] }: Ports = {},
) => {
  const keys = keyRing(adapters.vault, newId)
  const commands = commandHandling({ store: adapters.store, keys, now: clock.now })
  const parked = (receipts: readonly Receipt[]) => {
    if (untold.length === 0) return []
    const upTo = receipts.reduce((max, { position = '' }) => (position > max ? position : max), '')
    const later = untold.filter(({ position }) => position > upTo)
    const told = untold.filter(({ position }) => position <= upTo)
    untold.splice(0, untold.length, ...later)
    return told
  }
  return (account: string, inbox: string): Door => {
    let mac: Promise<Mac> | undefined
    const make = async (): Promise<Mac> => {
      const key = await adapters.vault.macKey(account)()
      if (E.isLeft(key)) throw new Faulted(key.left)
      const secret = key.right
      return (input) =>
        createHmac('sha256', secret).update(input).digest('base64url').slice(0, MAC_LENGTH)
    }
    return {
      adapters,
      account,
      inbox,
      commands,
      keys,
      now: clock.now,
      newId,
      parked,
      crm,
      assistant,
      delivery,
      delivers: (route) =>
        delivery?.routes.includes(route) === true || deliveredElsewhere.includes(route),
      mac: () => {
        mac ??= make().catch((error: unknown) => {
          mac = undefined
          throw error
        })
        return mac
      },
    }
  }
}
