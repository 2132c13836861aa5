/** One action on a selection, with an outcome for each. */
import { describe, expect, it } from '@jest/globals'
import { bulkOperations, remaining, type BulkOutcome } from '@threadbook/core'
import { by, stories } from '@threadbook/core/testing'

const { given } = stories(bulkOperations)
const bulkOperationId = 'bulk-1'

const start = (items: readonly string[], fields: object = {}) => ({
  type: 'StartBulkOperation' as const,
  action: 'close' as const,
  items,
  bulkOperationId,
  actor: 'user:ada' as const,
  ...fields,
})
const started = (...items: string[]) => ({
  type: 'BulkOperationStarted' as const,
  data: { action: 'close' as const, items },
})
const done = (conversation: string): BulkOutcome => ({ conversation, result: 'done' })
const refused = (conversation: string): BulkOutcome => ({
  conversation,
  result: 'refused',
  reason: { type: 'BotStillTalking', closableFrom: '2026-11-23T09:30:00.000Z' },
})
const record = (...outcomes: readonly BulkOutcome[]) => ({
  type: 'RecordBulkOutcomes' as const,
  bulkOperationId,
  outcomes,
  actor: 'system' as const,
})
const handled = (...outcomes: readonly BulkOutcome[]) => ({
  type: 'BulkItemsHandled' as const,
  data: { outcomes },
})
const finished = { type: 'BulkOperationFinished' as const, data: {} }

describe('a bulk operation', () => {
  it('S-089 is started on a selection, each conversation once', () =>
    given()
      .when(start(['a', 'b', 'a']))
      .then(started('a', 'b')))

  it('S-089 is at its end where nothing is selected', () =>
    given().when(start([])).then(started(), finished))

  it('S-089 is of 500 conversations at most', () => {
    const many = Array.from({ length: 501 }, (_, n) => String(n))
    given().when(start(many)).thenRefused('TooManyItems', { most: 500, found: 501 })
    given()
      .when(start([...many.slice(1), '1']))
      .then(started(...many.slice(1)))
  })

  it('is the same one when it is started again', () =>
    given(started('a', 'b'), handled(done('a')))
      .when(start(['a', 'b']))
      .thenNothing())

  it.each([
    ['action', start(['a'], { action: 'trash' })],
    ['selection', start(['a', 'b'])],
    ['order', start(['b'])],
    ['tickets', start(['a'], { withTickets: true })],
  ])('is another one with another %s', (_, command) =>
    given(started('a')).when(command).thenRefused('BulkOperationExists', { bulkOperationId }),
  )

  it('D-07 keeps an outcome for each, and ends with the last', () => {
    given(started('a', 'b', 'c'))
      .when(record(done('a'), refused('b')))
      .then(handled(done('a'), refused('b')))
    given(started('a', 'b', 'c'), handled(done('a'), refused('b')))
      .when(record(done('c')))
      .then(handled(done('c')), finished)
  })

  it('D-07 keeps the first outcome of each, and none of what was not selected', () => {
    given(started('a', 'b'), handled(refused('a')))
      .when(record(done('a'), done('x')))
      .thenNothing()
    given(started('a', 'b'), handled(refused('a')))
      .when(record(done('a'), done('b'), refused('b')))
      .then(handled(done('b')), finished)
  })

  it('knows what is left, and who began it', () => {
    const state = given(by('user:ada', started('a', 'b', 'c')), handled(done('b'))).state()
    expect(remaining(state)).toEqual(['a', 'c'])
    expect(state).toMatchObject({ by: 'user:ada', situation: 'running' })
    expect(given(started('a'), handled(done('a')), finished).state()).toMatchObject({
      situation: 'finished',
    })
  })

  it('has no outcome before it began', () =>
    given()
      .when(record(done('a')))
      .thenRefused('NoSuchBulkOperation'))
})
