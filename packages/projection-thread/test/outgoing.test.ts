import { describe, expect, it } from '@jest/globals'
import type { ConversationEvent } from '@threadbook/core'
import { toSeal } from '@threadbook/sourcing'
import { ada, minute, paul, read, received, sent, started, zoe, type Told } from './story.js'

const by = (event: ConversationEvent): Told => ({ ...event, by: ada.actor })
const out = { outbox: {} }
const left = [started(), received('a', 'Where is it?'), sent('b', 'Soon.', out)]
const about = { messageId: 'b', attempt: 1 }
const reason = toSeal('mailbox full')
const attempted: Told = { type: 'DeliveryAttempted', data: about }
const failed: Told = { type: 'MessageDeliveryFailed', data: { messageId: 'b', reason } }
const lost: Told = { type: 'DeliveryUnknown', data: { ...about, reason } }
const postponed: Told = {
  type: 'DeliveryPostponed',
  data: { ...about, until: minute(30), reason },
}
const handedOver: Told = { type: 'MessageHandedOver', data: about }
const readByThem: Told = { type: 'MessageRead', data: { messageId: 'b' } }

const sendingAfter = (...told: readonly Told[]) => {
  const entry = read(...left, ...told).entries[1]
  return entry?.type === 'message' && entry.hidden === null ? entry : undefined
}

describe('K-20 what became of what was sent', () => {
  it('K-20 is told with its reason', () => {
    expect(sendingAfter()?.sending).toEqual({
      status: 'waiting',
      reason: null,
      attempts: 0,
      nextAttemptAt: minute(2),
    })
    expect(sendingAfter(attempted, postponed)?.sending).toEqual({
      status: 'waiting',
      reason: 'mailbox full',
      attempts: 1,
      nextAttemptAt: minute(30),
    })
    expect(sendingAfter(attempted, lost)?.sending).toMatchObject({ status: 'unknown' })
    expect(sendingAfter(attempted, failed)).toMatchObject({
      failed: { reason: 'mailbox full' },
      sending: { status: 'failed', reason: 'mailbox full' },
    })
    expect(sendingAfter(attempted, postponed, handedOver)).toMatchObject({
      failed: null,
      sending: { status: 'sent', reason: null },
    })
    expect(sendingAfter(attempted, handedOver, readByThem)?.sending?.status).toBe('read')
  })

  it('K-20 is nothing for what came in', () =>
    expect(read(...left).entries[0]).toMatchObject({ sending: null, failed: null }))
})

it('S-065 S-075 S-077 S-084 what left besides messages stands in its place', () => {
  const forwarded = by({
    type: 'MessageForwarded',
    data: {
      messageId: 'f',
      forwarded: 'a',
      to: [paul],
      preview: toSeal('see'),
      content: toSeal({ text: 'see below', html: '<p>see below</p>' }),
    },
  })
  const transcriptSent = by({
    type: 'TranscriptSent',
    data: { transcriptId: 't', to: [zoe], cause: 'ended' },
  })
  const call = { callId: 'k' }
  const called = by({ type: 'ContactCalled', data: { ...call, number: toSeal('+49 30 1') } })
  const ended = by({
    type: 'ContactCallEnded',
    data: { ...call, outcome: 'connected', seconds: 9 },
  })
  const switched = by({ type: 'ReplyChannelSwitched', data: { channel: 'email', to: zoe } })
  const { entries } = read(...left, forwarded, switched, called, ended, transcriptSent)
  expect(entries.slice(2)).toMatchObject([
    {
      type: 'forward',
      forwarded: 'a',
      actor: ada.actor,
      to: [{ who: { address: 'paul@example.net' } }],
      content: { text: 'see below' },
      sending: { status: 'sent' },
    },
    { type: 'channelSwitch', channel: 'email', to: { contact: 'zoe' } },
    { type: 'call', number: '+49 30 1', outcome: 'connected', seconds: 9 },
    { type: 'transcript', cause: 'ended', messageId: 't', to: [{ contact: 'zoe' }] },
  ])
  expect(read(...left, called).entries.at(-1)).toMatchObject({ outcome: null, seconds: null })
})
