/** What of a conversation a language model may read. */
import { describe, expect, it } from '@jest/globals'
import {
  conversations,
  MOST_FOR_ASSISTANT,
  textForAssistant,
  type ConversationEvent,
  type Present,
} from '@threadbook/core'
import { at, conversationHistories, type Told } from '@threadbook/core/testing'
import { fold } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import * as a from './conversation/fixtures.js'
import { given } from './conversation/fixtures.js'

const texts = new Map([
  ['hello', 'My lamp is broken.'],
  ['answer', 'Which lamp?'],
  ['away', 'I am away.'],
  ['note', 'never said to the contact'],
])
const present = (...events: readonly Told<ConversationEvent>[]): Present => {
  const state = given(...events).state()
  if (state.situation !== 'present') throw new Error('a conversation')
  return state
}
const sent = (...events: readonly Told<ConversationEvent>[]) =>
  textForAssistant([present(...events)], texts).map(({ text }) => text)

const open = [a.started, a.received(), a.sent()]

describe('D-10 what may be sent to a language model', () => {
  it('S-070 is what both sides wrote, in its order', () =>
    expect(
      textForAssistant(
        [present(a.started, at('09:05', a.sent()), at('09:01', a.received()))],
        texts,
      ),
    ).toEqual([
      { by: 'contact', at: '2026-11-23T09:01:00.000Z', text: 'My lamp is broken.' },
      { by: 'team', at: '2026-11-23T09:05:00.000Z', text: 'Which lamp?' },
    ]))

  it('is nothing that is hidden, until it is shown again', () => {
    expect(sent(...open, a.hidden())).toEqual(['Which lamp?'])
    expect(sent(...open, a.hidden(), a.unhidden())).toEqual(['My lamp is broken.', 'Which lamp?'])
  })

  it('S-071 is no comment, whatever texts there are', () =>
    expect(sent(...open, a.commented('note'))).toEqual(['My lamp is broken.', 'Which lamp?']))

  it('D-21 is nothing that was filtered', () =>
    expect(sent(...open, a.received('away', { filtered: 'automatedResponse' }))).not.toContain(
      'I am away.',
    ))

  it('D-24 is also what was merged into it', () => {
    const source = present(a.started, a.received('away'))
    expect(textForAssistant([present(...open), source], texts).map(({ text }) => text)).toContain(
      'I am away.',
    )
  })

  it('is the latest of what is too long', () => {
    const long = new Map([
      ['hello', 'x'.repeat(MOST_FOR_ASSISTANT)],
      ['answer', 'Which lamp?'],
    ])
    const messages = textForAssistant([present(...open)], long)
    expect(messages.at(-1)?.text).toBe('Which lamp?')
    expect(messages.reduce((sum, { text }) => sum + text.length, 0)).toBe(MOST_FOR_ASSISTANT)
  })

  it('never is a hidden message, whatever happened', () => {
    fc.assert(
      fc.property(conversationHistories, (events) => {
        const state = fold(conversations, events)
        if (state.situation !== 'present') return
        const own = new Map([...state.messages.keys()].map((id) => [id, id]))
        for (const { text } of textForAssistant([state], own))
          expect(state.messages.get(text)?.hiddenBy).toBeUndefined()
      }),
    )
  })
})
