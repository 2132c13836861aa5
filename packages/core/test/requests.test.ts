import { describe, expect, it } from '@jest/globals'
import * as core from '@threadbook/core'
import { decodeCommand, previewOf, replyChannel } from '@threadbook/core'
import { anyText, requests } from '@threadbook/core/testing'
import { isSealedData, sealed } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'

const actor = 'user:ada' as const
const conversationId = 'conversation-1'
const assign = { type: 'Assign', conversationId, owner: 'user:bo', actor }

describe('builders', () => {
  it('S-073 say what is asked for', () => {
    expect(
      core.assign({ conversationId, owner: core.user('bo'), actor: core.user('ada') }),
    ).toEqual(assign)
    expect(core.team('support')).toBe('team:support')
  })

  it('put what is private into boxes', () => {
    const made = [
      core.reply({ conversationId, text: 'Secret', html: 'Secret', subject: 'Secret', actor }),
      core.comment({ conversationId, text: 'Secret', mentions: ['bo'], actor }),
      core.compose({
        to: [{ address: 'maria@example.com' }],
        cc: [{ address: 'paul@example.com' }],
        text: 'Secret',
        actor,
      }).message,
      core.placeHold({ conversationId, reason: 'Secret', actor }),
      core.failDelivery({ conversationId, messageId: 'answer', reason: 'Secret', actor: 'system' }),
      core.createContact({ name: 'Secret', actor }),
      core.nameContact({ contactId: 'maria', name: 'Secret', actor }),
      core.addUser({ userId: 'ada', name: 'Secret', actor }),
      core.withIdentity(
        core.addIdentity({ contactId: 'maria', kind: 'email', address: 'Secret', actor }),
        'hash',
      ),
      core.about({ kind: 'email', scope: 'address', sender: 'Secret' }, 'k'),
      core.createTicket({
        conversationId,
        name: 'Secret',
        properties: [{ name: 'note', value: 'Secret' }],
        actor,
      }),
      core.associateTicket({ conversationId, ticket: 't', name: 'Secret', actor }),
      core.changeTicket({
        conversationId,
        ticket: 't',
        properties: [{ name: 'note', value: 'Secret' }],
        actor,
      }),
      core.createDeal({ conversationId, name: 'Secret', actor }),
      core.recordDeal({ conversationId, deal: 'd', name: 'Secret', actor }),
      core.recordCrmRefusal({ conversationId, task: 'createDeal', reason: 'Secret', actor }),
      core.changeContact({
        contactId: 'maria',
        properties: [{ name: 'note', value: 'Secret' }],
        actor,
      }),
      core.comment({ conversationId, text: ['Secret ', core.mention('bo', 'Secret')], actor }),
    ]
    for (const one of made) expect(JSON.stringify(shown(one))).not.toContain('ecret')
  })

  it('leave out what the front door fills in', () => {
    expect(core.reply({ conversationId, text: '', actor }).message).not.toHaveProperty('messageId')
    expect(
      core.reply({ conversationId, messageId: 'answer', text: '', actor }).message,
    ).toMatchObject({ messageId: 'answer' })
  })

  it('S-107 tell what an answer goes by', () => {
    const state = { channel: 'form' } as core.Present
    expect(replyChannel(state)).toBe('email')
  })
})

const shown = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (sealed().is(value)) return 'sealed'
  if (Array.isArray(value)) return value.map(shown)
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shown(part)]))
}

describe('what comes from outside', () => {
  it('is a request once it is checked', () => {
    expect(decodeCommand(assign)).toEqual(E.right(assign))
  })

  it('has its private text put into boxes, and its preview made', () => {
    const message = { content: { text: 'Dear Maria' }, subject: 'Hello' }
    const decoded = decodeCommand({
      type: 'SendMessage',
      kind: 'reply',
      conversationId,
      message,
      actor,
    })
    expect(shown(decoded)).toEqual(
      E.right({
        type: 'SendMessage',
        kind: 'reply',
        conversationId,
        message: { content: 'sealed', preview: 'sealed', subject: 'sealed' },
        actor,
      }),
    )
    const comment = decodeCommand({ type: 'AddComment', conversationId, text: 'Hm', actor })
    expect(shown(comment)).toEqual(
      E.right({ type: 'AddComment', conversationId, text: 'sealed', preview: 'sealed', actor }),
    )
  })

  it('passes as it is where a builder made it', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(shown(decodeCommand(request))).toEqual(shown(E.right(request)))
      }),
    )
  })

  it.each([
    ['nothing', undefined, 'type', 'missing'],
    ['no object', 'Assign', 'type', 'missing'],
    ['no type', {}, 'type', 'missing'],
    ['a type of its own', { type: 'Explode' }, 'type', 'text of 7'],
    ['a type from a prototype', { type: 'constructor' }, 'type', 'text of 11'],
    ['no owner', { ...assign, owner: undefined }, 'owner', 'missing'],
    ['an owner of no kind', { ...assign, owner: 'bo' }, 'owner', 'text of 2'],
    ['an owner without a name', { ...assign, owner: 'user:' }, 'owner', 'text of 5'],
    ['an actor of no kind', { ...assign, actor: 'root' }, 'actor', 'text of 4'],
    ['an empty id', { ...assign, conversationId: '' }, 'conversationId', 'text of 0'],
    ['a long id', { ...assign, conversationId: 'x'.repeat(201) }, 'conversationId', 'text of 201'],
    ['a time of no day', { ...assign, at: '2026-02-30T09:00:00.000Z' }, 'at', 'text of 24'],
    ['a time in a zone', { ...assign, at: '2026-11-23T09:00:00+01:00' }, 'at', 'text of 25'],
    ['a misspelt field', { ...assign, onwer: 'user:bo' }, 'onwer', 'text of 7'],
    ['facts', { ...assign, facts: { ownerSituation: 'active' } }, 'facts', 'object'],
    [
      'a message of the wrong shape',
      { type: 'SendMessage', kind: 'reply', conversationId, actor, message: { content: 'Hi' } },
      'message.content',
      'text of 2',
    ],
    [
      'a message without text',
      { type: 'SendMessage', kind: 'reply', conversationId, actor, message: { content: {} } },
      'message.content.text',
      'missing',
    ],
    [
      'ciphertext',
      { type: 'PlaceHold', conversationId, actor, reason: { k: 'key', n: 'nonce', c: 'text' } },
      'reason',
      'object',
    ],
    ['half a day', { type: 'ChangeRetention', trashDays: 0.5, actor }, 'trashDays', 'number'],
    [
      'a zone of no place',
      { type: 'OpenAccount', createdOn: '2024-04-01', zone: 'Mars/Base', edition: 'free', actor },
      'zone',
      'text of 9',
    ],
    [
      'a day of no month',
      { type: 'OpenAccount', createdOn: '2024-02-30', zone: 'UTC', edition: 'free', actor },
      'createdOn',
      'text of 10',
    ],
  ])('is refused by the name of the field: %s', (_, request, field, found) => {
    expect(decodeCommand(request)).toMatchObject(E.left({ type: 'InvalidCommand', field, found }))
  })

  it('is never repeated in an error', () => {
    const secret = 'a very private text'
    for (const request of [
      { type: secret },
      { ...assign, owner: secret },
      { ...assign, at: secret },
      { type: 'PlaceHold', conversationId, actor, reason: [secret] },
    ])
      expect(JSON.stringify(decodeCommand(request))).not.toContain('private')
  })

  it('is never taken for the box that only a program can make', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const decoded = decodeCommand({ type: 'PlaceHold', conversationId, actor, reason: value })
        if (E.isRight(decoded))
          expect(isSealedData((decoded.right as { reason?: unknown }).reason)).toBe(false)
        return E.isRight(decoded) === (typeof value === 'string')
      }),
    )
  })
})

describe('K-17 a preview', () => {
  it.each([
    ['', ''],
    ['  Hello,\r\n\r\n  world\t! ', 'Hello, world !'],
    ['> you wrote\nYes.\n> more', 'Yes.'],
    ['> only quoted\n> text', '> only quoted > text'],
    ['x'.repeat(140), 'x'.repeat(140)],
    ['x'.repeat(141), `${'x'.repeat(139)}…`],
    [`${'x'.repeat(138)}👍👍👍`, `${'x'.repeat(138)}…`],
    ['\u0000\ud800', '\u0000\ud800'],
  ])('is one short line of what was written: %j', (text, preview) => {
    expect(previewOf(text)).toBe(preview)
  })

  it('is made of a long text as quickly as of a short one', () => {
    const started = performance.now()
    previewOf(' \n'.repeat(10_000_000))
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('is never longer than 140, and never cuts a pair in two', () => {
    fc.assert(
      fc.property(anyText({ minLength: 100, maxLength: 200 }), (text) => {
        const preview = previewOf(text)
        expect(preview.length).toBeLessThanOrEqual(140)
        expect(preview).not.toMatch(/\p{Surrogate}/u)
      }),
    )
  })
})
