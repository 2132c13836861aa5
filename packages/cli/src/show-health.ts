/** `threadbook health`: how far everything is, and what somebody should look at. */
import type { Health, Reason } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import type { HealthArguments } from './arguments.js'
import { isThere, missing, withInbox } from './inbox-place.js'
import type { Looked } from './looked.js'
import type { Screen } from './screen.js'
import { clean } from './terminal-text.js'

type Lag = Health['projections'][number]['lag']

const lagWords = ({ events, more, seconds }: Lag): string =>
  events === 0
    ? 'caught up'
    : `${String(events)}${more ? ' events or more' : events === 1 ? ' event' : ' events'} behind, ` +
      `${String(Math.round(seconds))} s`

const reasonWords = (reason: Reason): string => {
  switch (reason.type) {
    case 'Unavailable':
      return `unavailable: ${clean(reason.reason)}`
    case 'Behind':
      return `${reason.part}: ${lagWords(reason.lag)}`
    case 'RunByNobody':
      return `${reason.part}: nobody runs it, ${lagWords(reason.lag)}`
    case 'Parked':
      return `${reason.part}: ${String(reason.count)} parked; threadbook parked lists them`
    case 'Fault':
      return `${reason.part}: ${clean(reason.last.fault)} at ${reason.last.at}`
  }
}

const lines = (health: Health, screen: Screen): readonly string[] => {
  const { status, reasons, projections, reactions, search } = health
  const parts = [...projections, ...reactions]
  return [
    screen.bold(status),
    ...reasons.map((reason) => `  ${reasonWords(reason)}`),
    ...parts.map(({ name, runBy, lag }) =>
      screen.dim(`  ${clean(name)}: ${lagWords(lag)} (${runBy})`),
    ),
    ...(search === undefined ? [] : [screen.dim(`  search: ${lagWords(search.lag)}`)]),
  ]
}

/** Answers what to print. */
export const showHealth = async (
  { json, ...asked }: HealthArguments,
  screen: Screen,
): Promise<E.Either<string, Looked>> =>
  isThere(asked.place)
    ? withInbox(asked, async (inbox) => {
        const health = await inbox.health()
        const output = json ? JSON.stringify(health) : lines(health, screen).join('\n')
        return E.right({ output, isFine: health.status === 'ok' })
      })
    : E.left(missing(asked.place))
