import { describe, expect, it } from '@jest/globals'
import type { Comment, HiddenMessage, ShownMessage, Thread } from '@threadbook/projection-thread'
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
  failed: null,
  ...differing,
})

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

  it('says what was filtered, failed, attached or cut', () =>
    expect(
      lines({
        entries: [
          message({
            filtered: 'automatedResponse',
            failed: { reason: 'mailbox\u001b[2J full' },
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
