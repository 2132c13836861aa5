import { expect, it } from '@jest/globals'
import type { EventCause, Explanation } from '@threadbook/inbox'
import type { Position } from '@threadbook/sourcing'
import { explainLines } from '../src/explain-lines.js'
import { markedScreen, on, plainScreen } from './screens.js'

const cause = (event: string, day: number, differing: Partial<EventCause> = {}): EventCause => ({
  type: 'event',
  event,
  eventId: 'e',
  category: 'conversation',
  stream: 'conversation-main.c',
  revision: day,
  position: '0' as Position,
  actor: 'user:ada',
  commandId: event,
  occurredAt: on(1),
  recordedAt: on(day),
  ...differing,
})

const explanation: Explanation = {
  conversationId: 'c',
  view: 'v',
  name: 'Gold \u001b[31m',
  isIn: false,
  transitions: [
    { change: 'entered', because: cause('MessageReceived', 2, { actor: 'contact' }), turned: [] },
    { change: 'left', because: cause('Closed', 3), turned: ['status:open'] },
    {
      change: 'entered',
      because: cause('ViewChanged', 4, { category: 'view', stream: 'view-main.v' }),
      turned: ['label:vip'],
    },
    { change: 'left', because: { type: 'time', at: on(5) }, turned: ['last:>=7d'] },
  ],
  skipped: [
    {
      key: 'c',
      position: '0' as Position,
      stream: 'conversation-main.c',
      revision: 6,
      type: 'Trashed',
      recordedAt: on(6),
      error: 'TypeError: it broke',
      reason: 'made by \u001ban import',
      by: 'user:ada',
      at: on(7),
    },
  ],
  terms: [
    { text: 'filtered:no', holds: true, found: false },
    { text: 'assignee:me', holds: false, found: null },
    { text: 'replied:yes', holds: false, found: false },
    {
      text: '(label:vip or status:open)',
      holds: false,
      parts: [
        { text: 'label:vip', holds: false, found: ['a', 'b\u0007'] },
        { text: 'status:open', holds: false, found: 'closed' },
      ],
    },
  ],
}

it('D-02 tells each event, by whom and when, and then what fails', () => {
  expect(explainLines(explanation, plainScreen())).toEqual([
    'Gold: not any more',
    '  in   2 Nov, 09:05  MessageReceived by contact  #2',
    '  out  3 Nov, 09:05  Closed by ada: no longer status:open  #3',
    '  in   4 Nov, 09:05  ViewChanged by ada: label:vip  view-main.v #4',
    '  out  5 Nov, 09:05  as time passed: no longer last:>=7d',
    '  ---  6 Nov, 09:05  Trashed passed over by ada: made by an import  #6',
    '',
    'What it takes, and whether it is so now:',
    '  yes filtered:no',
    '  no  assignee:me (none)',
    '  no  replied:yes (no)',
    '  no  (label:vip or status:open)',
    '    no  label:vip (a,b)',
    '    no  status:open (closed)',
  ])
})

it('passes over what one command did and undid', () => {
  const [entered, left] = explanation.transitions
  const because = cause('MarkedAsSpam', 2, { commandId: 'MessageReceived' })
  const transitions = [entered!, { ...left!, because }]
  expect(explainLines({ ...explanation, transitions }, plainScreen())[0]).toBe('Gold: never was')
})

it('says little of what was never there, or is there', () => {
  const short = { ...explanation, transitions: [], skipped: [], terms: [] }
  expect(explainLines(short, plainScreen())).toEqual(['Gold: never was'])
  expect(explainLines({ ...short, isIn: true }, markedScreen())[0]).toBe('*Gold: it is there*')
})
