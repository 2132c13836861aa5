/** What went wrong with a mail, a path or the inbox, said to a person. */
import type { ImportStopped, MailRejected, NotImported, Unreadable } from '@threadbook/email'
import { clean } from './terminal-text.js'

type Problem = NotImported['problem']

const grouped = (text: string): string =>
  text.replace(/\d+/g, (digits) => Number(digits).toLocaleString('en'))

const unreadable = ({ reason, found }: Unreadable): string => {
  switch (reason) {
    case 'missing':
      return 'there is no such file or folder'
    case 'noPermission':
      return 'it may not be read (no permission)'
    case 'loop':
      return 'it leads back to itself'
    case 'notAFile':
      return `it is ${found}, not a file`
    case 'changed':
      return `it has changed since it was found (${found})`
    case 'failed':
      return `it could not be read (${found})`
  }
}

const rejected = ({ reason, field, expected, found }: MailRejected): string => {
  switch (reason) {
    case 'tooLarge':
      return `too large: ${grouped(found)}, and allowed are ${grouped(expected)}`
    case 'empty':
      return 'empty: there is no mail in it'
    case 'notMail':
      return 'no mail: it does not begin with the header fields of one'
    case 'malformed': {
      const where = field === undefined ? '' : `${field}: `
      return `cannot be taken apart: ${where}expected ${grouped(expected)}, found ${grouped(found)}`
    }
  }
}

export const stoppedWords = (stopped: ImportStopped): string => {
  switch (stopped.type) {
    case 'Unavailable':
      return `the store does not answer: ${clean(stopped.reason)}`
    case 'TooManyConflicts':
      return 'others kept changing the same conversations; try again when they are done'
    case 'NoSuchInbox':
      return 'there is no such inbox'
    case 'NoChannelConnected':
      return 'no channel is connected to the inbox'
  }
}

const problemWords = (problem: Problem): string => {
  switch (problem.type) {
    case 'Unreadable':
      return unreadable(problem)
    case 'MailRejected':
      return rejected(problem)
    case 'Unavailable':
    case 'TooManyConflicts':
    case 'NoSuchInbox':
    case 'NoChannelConnected':
      return stoppedWords(problem)
    default: {
      const { type, ...details } = problem
      return `refused: ${type} ${JSON.stringify(details)}`
    }
  }
}

/** Path, place in an mbox, and reason, on one line. */
export const notImportedLine = ({ path, offset = 0, problem }: NotImported): string => {
  const place = offset > 0 ? `, at byte ${offset.toLocaleString('en')}` : ''
  return `${clean(path)}${place}: ${clean(problemWords(problem))}`
}
