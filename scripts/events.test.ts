import { describe, expect, it } from '@jest/globals'
import { declaredIn, headOf } from './declared.mjs'
import { fieldsOf, page, rulesNamed } from './events-page.mjs'

const source = `/** What
 * it holds. */
import { event } from '@threadbook/sourcing'

const message = {
  messageId: t.string,
  /** How it came. */
  channel: t.string,
}
/** Somebody wrote (S-064),
 *  or did not. */
const MessageReceived = event(
  'MessageReceived',
  {
    ...message,
    /** Who. */
    from: From,
  },
  extras,
)
export const Closed = event('Closed', {})
const other = something('Other', {})
`

describe('what comments say', () => {
  const declared = declaredIn(source)

  it('is found of events and of their fields, those of shared fields too', () =>
    expect(declared.get('MessageReceived')).toEqual({
      says: 'Somebody wrote (S-064), or did not.',
      fields: { channel: 'How it came.', from: 'Who.' },
    }))

  it('may be nothing', () =>
    expect(declared.get('Closed')).toEqual({ says: undefined, fields: {} }))

  it('is not looked for elsewhere', () => expect([...declared.keys()]).toHaveLength(2))

  it('stands at the top of a file', () => {
    expect(headOf(source)).toBe('What it holds.')
    expect(headOf('import x from "x"')).toBeUndefined()
  })

  it('names rules', () => {
    expect(rulesNamed(declared.get('MessageReceived'))).toEqual(['S-064'])
    expect(rulesNamed(undefined)).toEqual([])
  })
})

const sealed = { $ref: '#/$defs/Sealed' }
const person = { type: 'object', properties: { who: sealed, contact: {} }, required: ['who'] }
const schema = {
  type: 'object',
  properties: { inbox: {}, from: person, to: { type: 'array', items: person } },
  required: ['inbox', 'from'],
}

it('fields are told by their paths, and which are sealed, and which may be left out', () =>
  expect(fieldsOf(schema)).toEqual([
    { path: 'inbox', sealed: false, optional: false },
    { path: 'from.who', sealed: true, optional: false },
    { path: 'from.contact', sealed: false, optional: true },
    { path: 'to[].who', sealed: true, optional: true },
    { path: 'to[].contact', sealed: false, optional: true },
  ]))

it('the page tells each event of each stream', () => {
  const declared = new Map([
    ['Started', { says: 'It began (S-047).', fields: { inbox: 'Where.' } }],
  ])
  const streams = [
    { name: 'conversation', says: 'A talk.', events: { Started: schema, Ended: {} } },
  ]
  const text = page(streams, declared, (stream, event) => `${stream}/${event}.json`)
  expect(text).toContain('## conversation\n\n`conversation-{account}.{id}`: A talk.\n')
  expect(text).toContain(
    '### Started\n\nIt began (S-047).\n\n- Fields: `inbox`, `from.who` (sealed)',
  )
  expect(text).toContain('  - `inbox`: Where.\n- Rules: [S-047](rules.md#s-047)\n')
  expect(text).toContain('### Ended\n\n- Fields: none\n- [Schema](conversation/Ended.json)\n')
})
