/** Reactions as the front door runs them, and as hosts write them. */
import type { Request } from '@threadbook/core'
import type { DomainEvent, Effect, Reaction } from '@threadbook/sourcing'
import type { Door } from '../door.js'
import type { Executed } from '../execute.js'

export interface ReactionWorld {
  /** Of the account that the event happened in. */
  readonly door: Door
  /** Answers once the views hold the event. */
  readonly upToDate: () => Promise<void>
  /** Carries out what an effect found out. The name is unique among those of one event. */
  readonly execute: (request: Request, name: string) => Promise<Executed>
  /** Aborted when the inbox is closing, which waits for whoever does not look at it. */
  readonly signal: AbortSignal
}

type AnyReaction = Reaction<DomainEvent, unknown, Request, ReactionWorld>
type AnyEffect = Effect<DomainEvent, ReactionWorld>

/** What `reaction` and `effect` make. */
export type InboxReaction = AnyReaction | AnyEffect

/** From events to requests, purely; see `Reaction`. */
export const reaction = <Event extends DomainEvent, Facts = undefined>(
  value: Reaction<Event, Facts, Request, ReactionWorld>,
): InboxReaction => value as unknown as AnyReaction

/** From events to something outside; see `Effect`. */
export const effect = <Event extends DomainEvent>(
  value: Effect<Event, ReactionWorld>,
): InboxReaction => value as unknown as AnyEffect
