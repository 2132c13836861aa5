/** When a mail reached the mailbox, told from its header fields. */
import { parseMailTime } from './mail-date.js'
import { fieldsOf } from './mail-head.js'

export interface Arrival {
  /** In milliseconds since 1970. */
  readonly time: number | undefined
  /** Decides between mails of the same time, wherever they are stored; from their Message-IDs. */
  readonly tie: number
}

const hash = (text: string): number => {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum = (Math.imul(31, sum) + text.charCodeAt(i)) | 0
  return sum
}

/** The topmost Received that has a date, else Date: the latter is the sender's to invent. */
const timeOf = (head: string): number | undefined => {
  for (const received of fieldsOf(head, 'received')) {
    const time = parseMailTime(received.slice(received.lastIndexOf(';') + 1))
    if (time !== undefined) return time
  }
  return parseMailTime(fieldsOf(head, 'date')[0] ?? '')
}

/** `fallback`: what is known of the time from elsewhere. */
export const arrivalOf = (head: string, fallback?: number): Arrival => ({
  time: timeOf(head) ?? fallback,
  tie: hash(fieldsOf(head, 'message-id')[0] ?? ''),
})
