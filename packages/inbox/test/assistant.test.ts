/** Drafts and summaries by a host's language model. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import { comment, hideMessage, reply } from '@threadbook/core'
import { extractiveAssistant, type ExtractiveAssistant } from '@threadbook/inbox/testing'
import { ada, openDesk, right, type Desk } from './fixtures.js'

let assistant: ExtractiveAssistant
let desk: Desk
beforeEach(async () => {
  assistant = extractiveAssistant()
  desk = await openDesk(undefined, { assistant })
})

const text = 'My lamp is broken. It does not turn on.'

describe('S-069 write for me', () => {
  it('drafts from a prompt, and another version when it is generated again', async () => {
    const conversationId = await desk.receive({ text })
    const write = async (version?: number) =>
      right(
        await desk.inbox.assistant.write(conversationId, {
          prompt: 'Offer a new one.',
          viewer: 'ada',
          ...(version !== undefined && { version }),
        }),
      )
    expect(await write()).toEqual({
      text: 'You wrote: “My lamp is broken.”\nOffer a new one.',
      by: 'extractive: it repeats what was written',
      version: 1,
    })
    expect(await write(2)).toMatchObject({
      text: 'You wrote: “It does not turn on.”\nOffer a new one.',
      version: 2,
    })
  })

  it('sends nothing: a draft is no message', async () => {
    const conversationId = await desk.receive({ text })
    const before = (await desk.log()).length
    right(await desk.inbox.assistant.write(conversationId, { prompt: 'Thanks.' }))
    expect((await desk.log()).length).toBe(before)
  })
})

describe('S-070 a summary', () => {
  it('is of what both sides wrote', async () => {
    const conversationId = await desk.receive({ text })
    await desk.ask(reply({ conversationId, text: 'Which lamp?', actor: ada }))
    expect(right(await desk.inbox.assistant.summarize(conversationId)).text).toBe(
      'contact: My lamp is broken.\nteam: Which lamp?',
    )
  })

  it('D-10 S-071 is of nothing that is hidden or said among the team', async () => {
    const request = await desk.requestOf({ text })
    const conversationId = (await desk.ask(request)).conversationId!
    const { messageId } = request.message
    await desk.ask(hideMessage({ conversationId, messageId, actor: ada }))
    await desk.ask(comment({ conversationId, text: 'a difficult customer', actor: ada }))
    right(await desk.inbox.assistant.summarize(conversationId, { viewer: 'ada' }))
    right(await desk.inbox.assistant.write(conversationId, { prompt: 'Hi.', viewer: 'ada' }))
    expect(assistant.read).toEqual([])
  })
})

it('is said where there is no model, and where there is no conversation', async () => {
  const alone = await openDesk()
  const conversationId = await alone.receive()
  expect(await alone.inbox.assistant.summarize(conversationId)).toMatchObject({
    left: { type: 'NoAssistant' },
  })
  expect(await desk.inbox.assistant.summarize('nothing')).toMatchObject({
    left: { type: 'NoSuchThread' },
  })
})
