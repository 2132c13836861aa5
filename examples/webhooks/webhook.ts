/** What webhook handlers share: a bounded body, its signature, and answers that senders understand. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, RequestListener } from 'node:http'

/** Whether the sender signed these bytes. */
export type Verify = (body: Buffer, headers: IncomingHttpHeaders) => boolean

export interface Answer {
  readonly status: number
  readonly body?: unknown
}

/** Of the form `sha256=…`, made with a secret that both sides know. */
export const signedWith =
  (secret: string, header: string): Verify =>
  (body, headers) => {
    const expected = Buffer.from(
      `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    )
    const given = Buffer.from(String(headers[header] ?? ''))
    return given.length === expected.length && timingSafeEqual(given, expected)
  }

const MOST_BYTES = 1024 * 1024

/** Undefined where it is too long: the rest is not read. */
const bodyOf = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** What is malformed will never be right; what the inbox cannot take now may be sent again. */
export const refusal = (left: { readonly type: string }): Answer => {
  if (left.type === 'InvalidCommand') return { status: 400, body: left }
  const settings = ['NoSuchInbox', 'NoChannelConnected', 'ChannelNotConnected']
  return { status: settings.includes(left.type) ? 409 : 503, body: { type: left.type } }
}

const answerTo = async (
  request: IncomingMessage,
  verify: Verify,
  handle: (payload: unknown) => Promise<Answer>,
): Promise<Answer> => {
  if (request.method !== 'POST') return { status: 405 }
  const body = await bodyOf(request)
  if (body === undefined) return { status: 413 }
  if (!verify(body, request.headers)) return { status: 401 }
  return handle(parsed(body))
}

/** A handler for `http.createServer`, or for any framework that takes one. */
export const webhook =
  (verify: Verify, handle: (payload: unknown) => Promise<Answer>): RequestListener =>
  (request, response) => {
    answerTo(request, verify, handle)
      .catch((): Answer => ({ status: 500 }))
      .then(({ status, body }) => {
        const close = status === 413 ? { connection: 'close' } : {}
        response.writeHead(status, { 'content-type': 'application/json', ...close })
        response.end(body === undefined ? '' : JSON.stringify(body))
      })
      .catch(() => response.destroy())
  }
