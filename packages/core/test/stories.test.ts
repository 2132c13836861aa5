import { expect, it } from '@jest/globals'
import { clock } from '@threadbook/core/testing'
import * as a from './conversation/fixtures.js'

it('a story that tells what a refusal says tells all of it', () => {
  const refused = a.given(a.started, a.received()).when(a.snooze(clock('08:00')))
  const said = {
    field: 'until',
    expected: `a time later than ${clock('09:00')}`,
    found: clock('08:00'),
  }
  refused.thenRefused('InvalidCommand')
  refused.thenRefused('InvalidCommand', said)
  expect(() => refused.thenRefused('InvalidCommand', { field: 'until' })).toThrow()
  expect(() => refused.thenRefused('InvalidCommand', { ...said, more: 1 })).toThrow()
  expect(() => refused.thenRefused('NotYet', said)).toThrow()
})
