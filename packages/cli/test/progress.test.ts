import { Writable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { bar, progressOn } from '../src/progress.js'
import { screenOn } from '../src/screen.js'
import { now } from './screens.js'

const sink = (terminal?: { columns: number }) => {
  let written = ''
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      written += chunk.toString()
      done()
    },
  })
  Object.assign(stream, terminal && { isTTY: true, ...terminal })
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => written }
}

describe('progress', () => {
  it('is a bar', () => {
    expect(bar(3_023, 6_046, 10)).toBe('█████░░░░░  50 %  3,023 of 6,046')
    expect(bar(0, 0, 4)).toBe('████ 100 %  0 of 0')
  })

  it('in a file is a line for each tenth', () => {
    const { stream, text } = sink()
    const progress = progressOn(stream, 'Importing')
    for (let done = 1; done <= 200; done++) progress.at(done, 200)
    progress.say('a.eml: empty')
    progress.end()
    expect(text().split('\n')).toHaveLength(12)
    expect(text()).toMatch(/200 of 200\na\.eml: empty\n$/)
    expect(text()).not.toMatch(/\p{Cc}(?<!\n)/u)
  })

  it('on a terminal stays on its line, makes room for what is said, and goes', () => {
    const { stream, text } = sink({ columns: 40 })
    const progress = progressOn(stream, 'Importing')
    progress.at(1, 2)
    progress.say('a.eml: empty')
    progress.at(2, 2)
    progress.end()
    const lines = text().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/a\.eml: empty$/)
    expect(lines[1]).not.toContain('a.eml')
    expect(text().endsWith('\u001b[1G\u001b[2K')).toBe(true)
  })
})

describe('a screen', () => {
  it.each([
    ['a file', { columns: 200 }, {}, 80, 'x'],
    ['a terminal', { isTTY: true, columns: 120 }, {}, 120, '\u001b[1mx\u001b[22m'],
    ['a small terminal', { isTTY: true, columns: 20 }, {}, 50, '\u001b[1mx\u001b[22m'],
    ['one that is told not to', { isTTY: true, columns: 90 }, { NO_COLOR: '1' }, 90, 'x'],
    [
      'one that is not told',
      { isTTY: true, columns: 90 },
      { NO_COLOR: '' },
      90,
      '\u001b[1mx\u001b[22m',
    ],
    ['one that cannot', { isTTY: true, columns: 90 }, { TERM: 'dumb' }, 90, 'x'],
  ])('%s', (_, output, env, columns, bold) => {
    const screen = screenOn(output, env, now)
    expect(screen.columns).toBe(columns)
    expect(screen.bold('x')).toBe(bold)
  })
})
