import { describe, expect, it } from '@jest/globals'
import { viewOf, type ListItem, type ViewKey } from '@threadbook/projection-views'
import { anyText } from '@threadbook/core/testing'
import fc from 'fast-check'
import { widthOf } from '../src/terminal-text.js'
import { viewLines, whoOf } from '../src/view-lines.js'
import { markedScreen, on, plainScreen } from './screens.js'

const item = (differing: Partial<ListItem> = {}): ListItem => ({
  conversationId: '0193a5b2-0000-7000-8000-000000000001',
  inbox: 'support',
  channel: 'email',
  status: 'open',
  owner: null,
  spam: null,
  trashed: false,
  snoozedUntil: null,
  lastMessageAt: on(22),
  contact: { id: 'c', name: 'Bo Ek', address: 'bo@example.com' },
  stranger: null,
  participants: 1,
  labels: [],
  properties: {},
  replied: false,
  forwarded: false,
  deliveryFailed: false,
  deliveryUnknown: false,
  subject: 'Order',
  preview: 'Where is it?',
  lastComment: null,
  unread: null,
  ...differing,
})

const lines = (
  view: ViewKey,
  items: readonly ListItem[],
  { count = items.length, columns = 80, ids = false } = {},
) => viewLines({ view: viewOf(view), count, items }, plainScreen(columns), { ids })

describe('a view', () => {
  it('without conversations is its name and nothing', () =>
    expect(lines('chat', [])).toEqual(['Chat · 0']))

  it('is its conversations in columns, and how many more there are', () =>
    expect(
      lines(
        'unassigned',
        [
          item({ lastMessageAt: on(23) }),
          item({
            contact: { id: 'd', name: 'Adelheid Szczepaniak-Grünwald', address: 'a@example.com' },
            participants: 3,
            subject: 'A question that is as long as it takes to be cut at the edge of the screen',
          }),
          item({ subject: null, preview: null }),
        ],
        { count: 4_321 },
      ),
    ).toEqual([
      'Unassigned · 4,321',
      '   09:05  Bo Ek                 Order – Where is it?',
      '  22 Nov  Adelheid Szczepa… +2  A question that is as long as it takes to be cu…',
      '  22 Nov  Bo Ek                 (no subject)',
      '  and 4,318 more',
    ]))

  it('shows who was answered, and whom nothing reached', () =>
    expect(
      lines('email', [
        item({ replied: true }),
        item({ deliveryFailed: true }),
        item({ deliveryUnknown: true }),
        item(),
      ]).slice(1),
    ).toEqual([
      '  22 Nov  Bo Ek  ↩  Order – Where is it?',
      '  22 Nov  Bo Ek  !  Order – Where is it?',
      '  22 Nov  Bo Ek  ?  Order – Where is it?',
      '  22 Nov  Bo Ek     Order – Where is it?',
    ]))

  it('says why something is spam, in Spam', () => {
    const filtered = item({ spam: 'subscriptionLink', contact: null })
    expect(lines('spam', [filtered])[1]).toBe(
      '  22 Nov  (unknown)  subscription link  Order – Where is it?',
    )
    expect(lines('trash', [filtered])[1]).toBe('  22 Nov  (unknown)  Order – Where is it?')
  })

  it('says what is closed where that is not the view itself', () => {
    const closed = item({ status: 'closed' })
    expect(lines('email', [closed])[1]).toContain('[closed] Order')
    expect(lines('allClosed', [closed])[1]).not.toContain('[closed]')
  })

  it('S-094 shows what is hidden or erased as such, once', () => {
    const hidden = { hidden: true } as const
    const erased = { erased: true } as const
    expect(
      lines('email', [
        item({ subject: hidden, preview: hidden }),
        item({ preview: hidden }),
        item({ subject: erased, preview: erased }),
      ]).slice(1),
    ).toEqual([
      '  22 Nov  Bo Ek  (hidden)',
      '  22 Nov  Bo Ek  Order – (hidden)',
      '  22 Nov  Bo Ek  (erased)',
    ])
  })

  it('shows ids below their rows where they are wanted', () =>
    expect(lines('email', [item()], { ids: true })[2]).toBe(
      '          0193a5b2-0000-7000-8000-000000000001',
    ))

  it('colours headings and what matters less', () =>
    expect(viewLines({ view: viewOf('email'), count: 2, items: [item()] }, markedScreen())).toEqual(
      ['*Email* ~·~ 2', '  ~22 Nov~  Bo Ek  Order~ – Where is it?~', '~  and 1 more~'],
    ))

  it('fits its screen, whatever strangers write', () => {
    const text = fc.oneof(
      anyText({ maxLength: 120 }),
      fc.constantFrom('世界'.repeat(40), '\u001b[31m\r\n\t', 'a\u0301'.repeat(90), '👩‍👧'.repeat(30)),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text, text, fc.integer({ min: 1, max: 12_000 })), { minLength: 1 }),
        fc.integer({ min: 50, max: 200 }),
        (rows, columns) => {
          const items = rows.map(([name, subject, preview, participants]) =>
            item({
              contact: { id: 'c', name, address: 'x@example.com' },
              lastMessageAt: new Date(2002, 8, 22).toISOString(),
              replied: true,
              spam: 'subscriptionLink',
              ...{ subject, preview, participants },
            }),
          )
          for (const line of lines('spam', items, { columns })) {
            expect(line).not.toMatch(/\p{Cc}/u)
            expect(widthOf(line)).toBeLessThanOrEqual(columns)
          }
        },
      ),
    )
  })
})

describe('who', () => {
  const erased = { erased: true } as const
  it.each([
    ['the contact by name', { id: 'c', name: 'Bo', address: 'bo@example.com' }, null, 'Bo'],
    ['else by address', { id: 'c', name: null, address: 'bo@example.com' }, null, 'bo@example.com'],
    [
      'an empty name is none',
      { id: 'c', name: ' ', address: 'b@example.com' },
      null,
      'b@example.com',
    ],
    ['a contact without either', { id: 'c', name: null, address: null }, null, '(unknown)'],
    ['an erased contact', { id: 'c', name: erased, address: erased }, null, '(erased)'],
    ['a stranger by name', null, { name: 'Cy', address: 'cy@example.com' }, 'Cy'],
    ['else by address', null, { address: 'cy@example.com' }, 'cy@example.com'],
    ['a stranger without either', null, { address: '' }, '(unknown)'],
    ['an erased stranger', null, erased, '(erased)'],
    ['nobody', null, null, '(unknown)'],
  ])('%s', (_, contact, stranger, who) => expect(whoOf({ contact, stranger })).toBe(who))
})
