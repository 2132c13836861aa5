/** HTML that came by mail, as it is shown (docs/decisions/030). */
import { expect, it } from '@jest/globals'
import type { Content } from '@threadbook/core'
import { called } from './fixtures/letters.js'
import { openSupport, right } from './fixtures/support.js'

const html = (more = '') =>
  `<p onclick="x()">Seen<script>x()</script> <img src="https://t.example/1.gif"></p>${more}`
const safe = '<p>Seen <img data-src="https://t.example/1.gif" /></p>'

const shown = async (body: string) => {
  const support = await openSupport()
  const mail = { ...called('mail'), 'Content-Type': 'text/html; charset=utf-8' }
  const { conversationId } = await support.receive(mail, body)
  const [entry] = right(await support.inbox.thread(conversationId)).entries
  if (entry?.type !== 'message' || entry.hidden !== null) throw new Error('no message is shown')
  const whole =
    entry.body === null
      ? undefined
      : (JSON.parse(
          Buffer.from(right(await support.inbox.blob(conversationId, entry.body))).toString(),
        ) as Content)
  return { content: entry.content as Content, whole }
}

it('is safe in the thread, and loads nothing by itself', async () => {
  const { content } = await shown(html())
  expect(content.html?.trim()).toBe(safe)
  expect(content.text).toBe('Seen')
})

it('is safe in the blob of a long mail, too', async () => {
  const { content, whole } = await shown(html(`<p>${'long '.repeat(20_000)}</p>`))
  expect(content).toMatchObject({ cut: true })
  expect(whole?.html?.slice(0, safe.length)).toBe(safe)
})
