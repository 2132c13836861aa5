import { describe, expect, it } from '@jest/globals'
import {
  decodeCommand,
  insertHtml,
  insertKinds,
  insertText,
  reply,
  safeHtml,
  textOfHtml,
  unplacedInserts,
  type Content,
  type Insert,
} from '@threadbook/core'
import { unseal } from '@threadbook/sourcing'
import { sealData } from '@threadbook/sourcing/testing'
import * as E from 'fp-ts/lib/Either.js'
import { anyText } from '@threadbook/core/testing'
import * as fc from 'fast-check'

const kept = (html: string) => safeHtml(html, { remoteImages: 'kept' })
const apart = (html: string) => safeHtml(html, { remoteImages: 'apart' })

it.each([
  ['formatting', '<b>a</b> <i>b</i> <u>c</u> <s>d</s>'],
  ['lists and quotations', '<ul><li>a</li></ul><blockquote>b</blockquote>'],
  ['tables', '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>'],
  ['colours', '<span style="color:#c00;font-weight:bold">a</span>'],
  ['images of the mail itself', '<img src="cid:logo" alt="Logo" />'],
  ['drawn images', '<img src="data:image/png;base64,AAAA" />'],
])('S-067 keeps %s', (_, html) => expect(kept(html)).toBe(html))

it.each([
  ['scripts', 'a<script>alert(1)</script>b', 'ab'],
  ['handlers', '<b onclick="alert(1)">a</b>', '<b>a</b>'],
  [
    'addresses that run',
    '<a href="java\nscript:alert(1)">a</a>',
    '<a rel="noopener noreferrer">a</a>',
  ],
  ['images that run', '<img src="data:image/svg+xml;base64,AAAA">', '<img />'],
  ['styles that load', '<p style="background-color:url(https://x.example)">a</p>', '<p>a</p>'],
  ['styles that cover', '<p style="position:fixed;top:0">a</p>', '<p>a</p>'],
  [
    'frames, forms and objects',
    '<iframe src="https://x.example"></iframe><form><input></form>',
    '',
  ],
  ['comments', 'a<!-- b -->c', 'ac'],
  ['what only looks kept apart', '<img data-src="javascript:alert(1)">', '<img />'],
])('S-067 leaves out %s', (_, html, safe) => expect(kept(html)).toBe(safe))

it('loads nothing from elsewhere out of what a stranger wrote', () => {
  const safe = apart('<img src="https://x.example/seen.gif" alt="x">')
  expect(safe).toBe('<img data-src="https://x.example/seen.gif" alt="x" />')
  expect(apart(safe)).toBe(safe)
})

it('is not gone through where it is too long', () => expect(kept('a'.repeat(2_000_001))).toBe(''))

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['<', '>', '"', "'", '/', '=', '&', ' ', 'script', 'img', 'a', 'b', 'style', 'onerror'],
        ...['src', 'href', 'data-src', 'javascript:', 'https://x.example', 'data:', '<!--', '-->'],
        ...['<p>', '</p>', '<a href="', '<img src=x onerror=', '</script>', '<svg>', '<math>'],
      ),
      anyText({ maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))

it('S-067 what was made safe stays as it is, and nothing in it runs', () =>
  fc.assert(
    fc.property(hostile, (html) => {
      for (const make of [kept, apart]) {
        const safe = make(html)
        expect(make(safe)).toBe(safe)
        expect(safe).not.toMatch(/<(?:script|iframe|object|svg|math|style|form)/i)
        expect(safe).not.toMatch(/<[^>]*\s(?:on\w+|srcset)\s*=/i)
        expect(safe).not.toMatch(/<[^>]*(?:href|src)="\s*(?:javascript|vbscript)/i)
      }
    }),
  ))

const article: Insert = {
  kind: 'article',
  ref: 'kb-7',
  title: 'Printers & you',
  url: 'https://help.example.com/7',
}

describe('an insert', () => {
  it('S-068 has a place in the HTML, which stays', () => {
    const html = insertHtml(article, 0)
    expect(html).toBe('<a data-insert="0" href="https://help.example.com/7">Printers &amp; you</a>')
    expect(textOfHtml(kept(html))).toBe('Printers & you')
    expect(kept(html)).toContain('data-insert="0"')
    expect(unplacedInserts(kept(html), [article, article])).toEqual([{ insert: article, index: 1 }])
  })

  it('S-068 is a line of text', () => {
    expect(insertText(article)).toBe('Printers & you: https://help.example.com/7')
    expect(insertText({ kind: 'snippet', ref: 's-1' })).toBe('s-1')
    expect(insertHtml({ kind: 'snippet', ref: 's-1' }, 2)).toBe('<span data-insert="2">s-1</span>')
  })

  it.each([...insertKinds, 'com.example.warranty'])('S-068 may be of the kind %s', (kind) => {
    expect(decoded({ text: 'x', inserts: [{ kind, ref: '1' }] })).toEqual({
      text: 'x',
      inserts: [{ kind, ref: '1' }],
    })
  })

  it('S-068 leads nowhere but to the web', () => {
    const content = { text: 'x', inserts: [{ ...article, url: 'javascript:alert(1)' }] }
    expect(decodeCommand(sending(content))).toMatchObject(
      E.left({ type: 'InvalidCommand', field: 'message.content.inserts.0.url' }),
    )
  })
})

const key = { id: 'key', bytes: new Uint8Array(32) }

/** What is in the box of a message's content. */
const opened = (message: object): { content: Content; preview: string } => {
  const sealed = sealData(message, 'e', () => key) as Record<'content' | 'preview', never>
  const open = (field: 'content' | 'preview') =>
    unseal(
      { ...(sealed[field] as object), e: 'e', p: field } as never,
      new Map([['key', key.bytes]]),
    )
  return { content: open('content') as Content, preview: open('preview') as never }
}

const sending = (content: object) => ({
  type: 'SendMessage',
  conversationId: 'c',
  kind: 'reply',
  message: { content },
  actor: 'user:ada',
})

const decoded = (content: object): Content => {
  const request = decodeCommand(sending(content))
  if (E.isLeft(request)) throw new Error(JSON.stringify(request.left))
  return opened((request.right as { message: object }).message).content
}

describe('what is written in HTML', () => {
  const html = '<p>See <b>this</b><script>x</script></p>'

  it('S-067 is made safe by the builder, and has text', () => {
    const { message } = reply({ conversationId: 'c', html, actor: 'user:ada' })
    expect(opened(message)).toEqual({
      content: { html: '<p>See <b>this</b></p>', text: 'See this' },
      preview: 'See this',
    })
  })

  it('S-067 is made safe where it comes as data, and has text', () =>
    expect(decoded({ html })).toEqual({ html: '<p>See <b>this</b></p>', text: 'See this' }))

  it('keeps the text that was written beside it', () =>
    expect(decoded({ html, text: 'See *this*' })).toMatchObject({ text: 'See *this*' }))

  it('is refused where it is neither', () =>
    expect(decodeCommand(sending({}))).toMatchObject(
      E.left({ type: 'InvalidCommand', field: 'message.content.text' }),
    ))
})

it.each([
  ['lines', 'a<br>b<div>c</div>d', 'a\nb\nc\nd'],
  ['paragraphs', '<p>a</p>\n<p>b</p>', 'a\n\nb'],
  ['lists', '<ul><li>a</li><li>b</ul>', '* a\n* b'],
  ['cells', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>', 'a b\nc'],
  ['preformatted text', '<pre>a\n  b</pre>', 'a\n  b'],
  [
    'entities',
    '&lt;b&gt; &amp;amp; &eacute; &#8364;&#x20ac; &#0; &#xd800; &nope; &copy',
    '<b> &amp; é €€ \ufffd \ufffd &nope; ©',
  ],
  ['comments', 'a<!-- <p>b</p> -->c', 'ac'],
  [
    'titles, scripts and styles',
    '<TITLE>a</TITLE><Style>b</STYLE >c<script x="</b>">d</script\n>e',
    'ce',
  ],
  ['a script that is never closed', 'a<script>b', 'a'],
  ['a title that is never closed', 'a<title>b', 'ab'],
  ['angle brackets', '1 < 2 <3', '1 < 2 <3'],
  ['a tag that is never closed', 'a<b', 'a'],
])('text of HTML: %s', (_, html, text) => {
  expect(textOfHtml(html)).toBe(text)
})
