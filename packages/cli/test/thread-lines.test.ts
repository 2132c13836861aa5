import { describe, expect, it } from '@jest/globals'
import {
  hiddenText,
  type Comment,
  type Entry,
  type HiddenMessage,
  type Sending,
  type ShownMessage,
  type Thread,
} from '@threadbook/projection-thread'
import { threadLines } from '../src/thread-lines.js'
import { on, plainScreen } from './screens.js'

const conversationId = '0193a5b2-0000-7000-8000-000000000001'
const bo = { contact: 'bo', who: { name: 'Bo Ek', address: 'bo@example.com' } }

const placed = {
  type: 'message',
  conversationId,
  messageId: 'm',
  channel: 'email',
  at: on(22),
} as const

const message = (differing: Partial<ShownMessage> = {}): ShownMessage => ({
  ...placed,
  direction: 'incoming',
  actor: 'contact',
  hidden: null,
  from: bo,
  to: [],
  kind: null,
  mailClass: 'personal',
  subject: 'Order',
  content: { text: 'Where is it?\n' },
  body: null,
  attachments: [],
  filtered: null,
  source: null,
  failed: null,
  sending: null,
  ...differing,
})

const sending: Sending = { status: 'sent', reason: null, attempts: 1, nextAttemptAt: null }

const answer = message({
  direction: 'outgoing',
  actor: 'user:ada',
  kind: 'reply',
  from: null,
  to: [bo],
  subject: null,
  content: { text: 'On its way.' },
})

const hiddenMessage: HiddenMessage = {
  ...placed,
  direction: 'incoming',
  actor: 'contact',
  hidden: {
    text: 'The message is hidden',
    unhiddenBy: { superAdmins: true, user: 'user:ada' },
    viewerMayUnhide: false,
  },
}

const comment: Comment = {
  type: 'comment',
  conversationId,
  commentId: 'k',
  at: on(23),
  actor: 'user:bea',
  text: 'A good customer.',
  mentions: [],
  spans: [],
}

const thread = (differing: Partial<Thread> = {}): Thread => ({
  conversationId,
  inbox: 'support',
  source: 'email',
  status: 'open',
  owner: null,
  bot: null,
  contact: 'bo',
  spam: null,
  trashed: false,
  snoozedUntil: null,
  mergedInto: null,
  continues: null,
  continuedIn: null,
  participants: [],
  labels: [],
  properties: {},
  inbound: 1,
  tickets: [],
  deals: [],
  onHelpDesk: false,
  unread: 0,
  mentions: 0,
  entries: [message()],
  ...differing,
})

const lines = (differing: Partial<Thread> = {}, columns = 80) =>
  threadLines(thread(differing), plainScreen(columns))

describe('a thread', () => {
  it('S-047 tells what it is about, where it came from and whose it is', () =>
    expect(lines({ owner: 'user:ada', entries: [message(), answer, comment] })).toEqual([
      'Order',
      'open · by e-mail · assigned to ada',
      '',
      'Bo Ek <bo@example.com>  22 Nov, 09:05',
      '  Where is it?',
      '',
      'ada to Bo Ek <bo@example.com>  22 Nov, 09:05',
      '  On its way.',
      '',
      'bea comments  09:05',
      '  A good customer.',
    ]))

  it('tells what else is to be known of it', () =>
    expect(
      lines({
        status: 'closed',
        bot: 'Greeter',
        spam: 'marked',
        trashed: true,
        snoozedUntil: on(24),
        continues: 'c-0',
      }).slice(1, 3),
    ).toEqual([
      'closed · by e-mail · unassigned · held by the bot Greeter · spam: marked by hand',
      '· in Trash · snoozed until 24 Nov, 09:05 · continues c-0',
    ]))

  it('S-094 shows the place of a hidden message, and nothing of it', () =>
    expect(lines({ entries: [hiddenMessage] })).toEqual([
      '(no subject)',
      'open · by e-mail · unassigned',
      '',
      '22 Nov, 09:05',
      '  The message is hidden',
    ]))

  it('says what is erased', () => {
    const erased = { erased: true } as const
    const gone = message({ subject: erased, content: erased, from: { contact: null, who: erased } })
    expect(lines({ entries: [gone, { ...comment, text: erased }] })).toEqual([
      '(erased)',
      'open · by e-mail · unassigned',
      '',
      '(erased)  22 Nov, 09:05',
      '  (erased)',
      '',
      'bea comments  09:05',
      '  (erased)',
    ])
  })

  it.each([
    ['sent', null, []],
    ['read', null, ['  read']],
    ['unknown', 'connection lost', ['  nobody knows whether it arrived']],
    ['waiting', null, ['  to be sent']],
    ['waiting', 'busy', ['  to be sent again: busy']],
    ['sending', null, ['  being sent']],
    ['failed', null, ['  did not arrive: no reason given']],
  ] as const)('K-20 says what became of what was sent: %s', (status, reason, said) =>
    expect(
      lines({ entries: [message({ ...answer, sending: { ...sending, status, reason } })] }).slice(
        4,
        -1,
      ),
    ).toEqual(said),
  )

  it('S-065 S-075 S-077 S-084 says what left besides messages', () => {
    const linked = { conversationId, at: on(22), actor: 'user:ada' }
    const to = [bo]
    const content = { text: 'For you.' }
    const forward = { type: 'forward', ...linked, messageId: 'f', forwarded: 'm' } as const
    const hidden = {
      text: hiddenText,
      unhiddenBy: { superAdmins: true, user: null },
      viewerMayUnhide: false,
    } as const
    const entries: readonly Entry[] = [
      { ...forward, hidden: null, to, content, sending },
      { ...forward, hidden },
      { type: 'transcript', ...linked, messageId: 't', cause: 'asked', to, sending },
      { type: 'call', ...linked, callId: 'c', number: '+49 30 1', outcome: 'busy', seconds: null },
      { type: 'channelSwitch', ...linked, channel: 'email', to: bo },
    ]
    const said = lines({ entries }).map((line) => line.replace(/ {2}\d.*/, ''))
    expect(said.slice(3)).toEqual([
      'ada forwards to Bo Ek <bo@example.com>',
      '  For you.',
      '',
      'ada forwards',
      '  The message is hidden',
      '',
      'ada sends a transcript to Bo Ek <bo@example.com>',
      '',
      'ada calls +49 30 1',
      '  busy',
      '',
      'ada goes on by e-mail to Bo Ek <bo@example.com>',
    ])
  })

  it('says what was filtered, failed, attached or cut', () =>
    expect(
      lines({
        entries: [
          message({
            filtered: 'automatedResponse',
            sending: { ...sending, status: 'failed', reason: 'mailbox\u001b[2J full' },
            content: { text: 'A beginning', cut: true },
            attachments: [
              {
                blob: 'b',
                name: 'plan.pdf',
                size: 2_200_000,
                mimeType: 'application/pdf',
                inline: false,
                contentId: null,
              },
            ],
          }),
        ],
      }).slice(3),
    ).toEqual([
      'Bo Ek <bo@example.com>  22 Nov, 09:05',
      '  filtered: automatic reply',
      '  did not arrive: mailbox full',
      '  A beginning',
      '  [it goes on: this is only its beginning]',
      '  [plan.pdf, 2.1 MB, application/pdf]',
    ]))

  it('keeps lines as written, and parts those that are too long', () =>
    expect(
      lines(
        {
          entries: [
            message({ content: { text: '\n\n> one\n\n  two\u001b[2J three four five\n' } }),
          ],
        },
        20,
      ).slice(5),
    ).toEqual(['  > one', '', '    two three four', '  five']))
})
