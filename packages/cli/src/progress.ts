/** A progress bar on a terminal; elsewhere a line now and then. */
import { clearLine, cursorTo } from 'node:readline'
import { cutToWidth } from './terminal-text.js'

export interface Progress {
  readonly at: (done: number, total: number) => void
  /** Writes a line of its own, without disturbing the bar. */
  readonly say: (line: string) => void
  readonly end: () => void
}

const BAR_WIDTH = 30

/** `███░░░  50 %  3,023 of 6,046` */
export const bar = (done: number, total: number, width = BAR_WIDTH): string => {
  const share = total === 0 ? 1 : done / total
  const full = Math.round(share * width)
  const percent = String(Math.floor(share * 100)).padStart(3)
  const numbers = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${percent} %  ${numbers}`
}

const onTerminal = (stream: NodeJS.WriteStream, what: string): Progress => {
  let shown = ''
  const draw = (line: string) => {
    shown = line
    cursorTo(stream, 0)
    stream.write(cutToWidth(line, stream.columns - 1))
    clearLine(stream, 1)
  }
  const wipe = () => {
    if (shown === '') return
    cursorTo(stream, 0)
    clearLine(stream, 0)
  }
  // Finding the mails takes its time, too.
  draw(`${what} …`)
  return {
    at: (done, total) => {
      const line = `${what} ${bar(done, total)}`
      if (line !== shown) draw(line)
    },
    say: (line) => {
      wipe()
      stream.write(`${line}\n`)
      if (shown !== '') draw(shown)
    },
    end: () => {
      wipe()
      shown = ''
    },
  }
}

const TENTHS = 10

const inFile = (stream: NodeJS.WritableStream, what: string): Progress => {
  let told = 0
  return {
    at: (done, total) => {
      const tenth = total === 0 ? TENTHS : Math.floor((done / total) * TENTHS)
      if (tenth === told) return
      told = tenth
      stream.write(`${what} ${bar(done, total)}\n`)
    },
    say: (line) => {
      stream.write(`${line}\n`)
    },
    end: () => undefined,
  }
}

export const progressOn = (stream: NodeJS.WriteStream, what: string): Progress =>
  stream.isTTY ? onTerminal(stream, what) : inFile(stream, what)
