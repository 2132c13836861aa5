import { describe, expect, it } from '@jest/globals'
import { comment, mention, mentioning } from '@threadbook/core'
import { anyText } from '@threadbook/core/testing'
import * as fc from 'fast-check'

const parts = fc.array(
  fc.oneof(anyText(), fc.record({ mention: fc.constantFrom('ada', 'bo'), name: anyText() })),
)

describe('S-072 a comment that mentions', () => {
  it('has names in its text, and says whose and where', () =>
    expect(mentioning(['Look, ', mention('bo', 'Bo Ek'), ': ', mention('ada', 'Ada')])).toEqual({
      text: 'Look, @Bo Ek: @Ada',
      mentions: ['bo', 'ada'],
      spans: [
        { user: 'bo', start: 6, end: 12 },
        { user: 'ada', start: 14, end: 18 },
      ],
    }))

  it('names everybody once, and each span where it stands', () => {
    fc.assert(
      fc.property(parts, (written) => {
        const { text, mentions, spans } = mentioning(written)
        const named = written.flatMap((part) => (typeof part === 'string' ? [] : [part]))
        expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(
          named.map(({ name }) => `@${name}`),
        )
        expect(new Set(mentions).size).toBe(mentions.length)
        expect(new Set(named.map((each) => each.mention))).toEqual(new Set(mentions))
      }),
    )
  })

  it('is asked for in parts, and seals what they say', () => {
    const about = { conversationId: 'c', actor: 'user:ada' } as const
    const asked = comment({ ...about, text: ['Look, ', mention('bo', 'Bo')] })
    expect(asked).toMatchObject({ type: 'AddComment', mentions: ['bo'] })
    expect(() => JSON.stringify(asked)).toThrow('a value to be sealed')
    expect(comment({ ...about, text: 'Look', mentions: ['bo'] })).not.toHaveProperty('spans')
  })
})
