import { expect, it } from '@jest/globals'
import { linkTarget, linkTo, type LinkTarget } from '@threadbook/core'
import * as fc from 'fast-check'

const id = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => text !== '')
const targets: fc.Arbitrary<LinkTarget> = fc.record(
  { conversationId: id, messageId: id },
  { requiredKeys: ['conversationId'], noNullPrototype: true },
)
const bases = fc.constantFrom('', 'https://inbox.example.com', 'https://example.com/app/')

it('S-090 S-091 a link names ids and no more, and leads back to them', () =>
  fc.assert(
    fc.property(targets, bases, (target, base) => {
      const link = linkTo(target, base)
      expect(linkTarget(link)).toEqual(target)
      expect(linkTarget(`${link}?from=mail#top`)).toEqual(target)
    }),
  ))

it('S-091 is a path, or an address of the host', () => {
  expect(linkTo({ conversationId: 'c', messageId: 'm' })).toBe('/conversations/c/messages/m')
  expect(linkTo({ conversationId: 'c' }, 'https://example.com/')).toBe(
    'https://example.com/conversations/c',
  )
})

it.each([
  '',
  'https://example.com',
  '/conversations/',
  '/conversations/%E0%A4%A',
  '/conversations/c/messages/%',
])('S-092 knows what is no link: %s', (link) => expect(linkTarget(link)).toBeUndefined())
