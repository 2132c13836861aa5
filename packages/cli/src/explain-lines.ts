/** Why a conversation is in a view, as lines: what put it in or took it out, and what holds now. */
import type { Explanation, Transition } from '@threadbook/inbox'
import type { Term } from '@threadbook/projection-views'
import type { Screen } from './screen.js'
import { fullTime } from './short-time.js'
import { clean } from './terminal-text.js'
import { actorWords } from './words.js'

const becauseWords = ({ because }: Transition): string =>
  because.type === 'time' ? 'as time passed' : `${because.event} by ${actorWords(because.actor)}`

const whenOf = ({ because }: Transition): string =>
  because.type === 'time' ? because.at : because.recordedAt

/** Where the event can be found: its revision, and where the stream is another than the conversation's. */
const placeWords = ({ because }: Transition): string => {
  if (because.type === 'time') return ''
  const stream = because.category === 'conversation' ? '' : `${clean(because.stream)} `
  return `${stream}#${String(because.revision)}`
}

const turnedWords = ({ change, turned }: Transition): string =>
  turned.length === 0 ? '' : `: ${change === 'left' ? 'no longer ' : ''}${clean(turned.join(', '))}`

const transitionLine = (transition: Transition, { dim, now }: Screen): string => {
  const { change } = transition
  const place = placeWords(transition)
  return [
    change === 'entered' ? '  in ' : '  out',
    fullTime(whenOf(transition), now),
    `${becauseWords(transition)}${turnedWords(transition)}`,
    ...(place === '' ? [] : [dim(place)]),
  ].join('  ')
}

/** As if it had never been, which somebody decided. */
const skippedLine = (skipped: Explanation['skipped'][number], { dim, now }: Screen): string => {
  const { type, recordedAt, revision, by, reason } = skipped
  const words = `${clean(type)} passed over by ${actorWords(by)}: ${clean(reason)}`
  return ['  ---', fullTime(recordedAt, now), words, dim(`#${String(revision)}`)].join('  ')
}

const foundWords = ({ found }: Term): string => {
  if (found === undefined) return ''
  if (found === null) return ' (none)'
  if (typeof found === 'boolean') return found ? ' (yes)' : ' (no)'
  return ` (${clean(String(found)) || 'none'})`
}

const termLines = (term: Term, screen: Screen, depth = 1): readonly string[] => {
  const { text, holds, parts = [] } = term
  const line = `${'  '.repeat(depth)}${holds ? 'yes' : 'no '} ${clean(text)}`
  return [
    holds ? line : screen.bold(`${line}${foundWords(term)}`),
    ...parts.flatMap((part) => termLines(part, screen, depth + 1)),
  ]
}

const isOfOneCommand = (a: Transition | undefined, b: Transition): boolean =>
  a?.because.type === 'event' &&
  b.because.type === 'event' &&
  a.because.commandId === b.because.commandId

/** Without what one command did and undid at once: a mail that comes in as spam was never open. */
const seenByPeople = (all: readonly Transition[]): readonly Transition[] => {
  const seen: Transition[] = []
  for (const each of all)
    if (isOfOneCommand(seen.at(-1), each)) seen.pop()
    else seen.push(each)
  return seen
}

export const explainLines = (explanation: Explanation, screen: Screen): readonly string[] => {
  const { name, isIn, skipped, terms } = explanation
  const transitions = seenByPeople(explanation.transitions)
  const was = transitions.length > 0 ? 'not any more' : 'never was'
  return [
    screen.bold(`${clean(name)}: ${isIn ? 'it is there' : was}`),
    ...transitions.map((each) => transitionLine(each, screen)),
    ...skipped.map((each) => skippedLine(each, screen)),
    ...(terms.length === 0 ? [] : ['', 'What it takes, and whether it is so now:']),
    ...terms.flatMap((term) => termLines(term, screen)),
  ]
}
