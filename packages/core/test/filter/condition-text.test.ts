import { expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { conditionText, parseSearchText, type Condition } from '@threadbook/core'

it.each<[string, Condition]>([
  ['status:open', { attribute: 'status', operator: 'is', value: 'open' }],
  ['-status:open', { attribute: 'status', operator: 'isNot', value: 'open' }],
  ['channel:email,chat', { attribute: 'channel', operator: 'isOneOf', value: ['email', 'chat'] }],
  ['-label:vip', { attribute: 'label', operator: 'hasNoneOf', value: ['vip'] }],
  ['assignee:me', { attribute: 'owner', operator: 'is', value: 'me' }],
  ['assignee:none', { attribute: 'owner', operator: 'isUnknown' }],
  ['filtered:no', { attribute: 'spam', operator: 'is', value: false }],
  ['last:>=7d', { attribute: 'lastMessageAt', operator: 'from', value: { ago: 7, unit: 'days' } }],
  ['participants:>2', { attribute: 'participants', operator: 'greaterThan', value: 2 }],
])('%s is what people would type', (text, condition) => {
  expect(conditionText(condition)).toBe(text)
  expect(E.isRight(parseSearchText(text))).toBe(true)
})

it.each<[string, Condition]>([
  ['tier:any', { attribute: 'property.tier', operator: 'isKnown' }],
  ['channel isOneOf []', { attribute: 'channel', operator: 'isOneOf', value: [] }],
  ['mood is "good"', { attribute: 'mood', operator: 'is', value: 'good' }],
])('%s has no short form, and can be read all the same', (text, condition) => {
  expect(conditionText(condition)).toBe(text)
})
