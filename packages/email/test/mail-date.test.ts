import { describe, expect, it } from '@jest/globals'
import { anyText } from '@threadbook/core/testing'
import * as fc from 'fast-check'
import { parseMailDate } from '../src/mail-date.js'

describe('dates as mails claim them', () => {
  it.each([
    ['by the standard', 'Mon, 2 Sep 2002 13:05:09 +0200', '2002-09-02T11:05:09.000Z'],
    ['without weekday or seconds', '02 Sep 2002 13:05 -0130', '2002-09-02T14:35:00.000Z'],
    ['without a zone: UTC', 'Mon, 2 Sep 2002 13:05:09', '2002-09-02T13:05:09.000Z'],
    ['an unknown zone: UTC', 'Mon, 2 Sep 2002 13:05:09 QQT', '2002-09-02T13:05:09.000Z'],
    ['an impossible zone: UTC', 'Mon, 2 Sep 2002 13:05:09 +9900', '2002-09-02T13:05:09.000Z'],
    ['a named zone', 'Mon, 2 Sep 2002 13:05:09 PDT', '2002-09-02T20:05:09.000Z'],
    ['a name and an offset', 'Mon, 2 Sep 2002 13:05:09 GMT+02:00', '2002-09-02T11:05:09.000Z'],
    ['a comment', 'Mon, 2 Sep 2002 13:05:09 +0200 (CEST)', '2002-09-02T11:05:09.000Z'],
    ['a comment inside', 'Mon (today), 2 Sep 2002 13:05:09 +0200', '2002-09-02T11:05:09.000Z'],
    ['words after it', 'Mon, 2 Sep 2002 13:05:09 +0200 or so', '2002-09-02T11:05:09.000Z'],
    ['a year of two digits', 'Mon, 02 Sep 02 13:05:09 GMT', '2002-09-02T13:05:09.000Z'],
    ['one of the last century', '02 Sep 99 13:05:09 GMT', '1999-09-02T13:05:09.000Z'],
    ['a year of three digits', 'Mon, 02 Sep 102 13:05:09 GMT', '2002-09-02T13:05:09.000Z'],
    ['a year gone wrong in 2000', 'Mon, 02 Sep 0102 13:05:09 GMT', '2002-09-02T13:05:09.000Z'],
    ['as C programs print it', 'Mon Sep  2 13:05:09 2002', '2002-09-02T13:05:09.000Z'],
    ['with its zone before the year', 'Mon Sep  2 13:05:09 EDT 2002', '2002-09-02T17:05:09.000Z'],
    ['with hyphens', '2-Sep-2002 13:05:09 +0200', '2002-09-02T11:05:09.000Z'],
    ['without spaces', 'Mon,2 Sep 2002 13:05:09 +0200', '2002-09-02T11:05:09.000Z'],
    ['the month first', 'September 2, 2002 1:05 PM', '2002-09-02T13:05:00.000Z'],
    ['by ISO 8601', '2002-09-02T13:05:09+02:00', '2002-09-02T11:05:09.000Z'],
    ['by ISO 8601 with a space', '2002-09-02 13:05:09.123Z', '2002-09-02T13:05:09.000Z'],
    ['in figures', '9/2/2002 12:05:09 AM', '2002-09-02T00:05:09.000Z'],
    ['in figures with dots', '2.9.2002 13:05', '2002-09-02T13:05:00.000Z'],
    ['with dots in the time', 'Mon, 2 Sep 2002 13.05.09 +0200', '2002-09-02T11:05:09.000Z'],
    ['a leap second', 'Sat, 31 Dec 2016 23:59:60 +0000', '2016-12-31T23:59:59.000Z'],
    ['no time of day', '2 Sep 2002', '2002-09-02T00:00:00.000Z'],
  ])('%s', (_, text, date) => {
    expect(parseMailDate(text)).toBe(date)
  })

  it.each([
    ['nothing', ''],
    ['words', 'the day before yesterday'],
    ['a day that does not exist', '31 Feb 2002 13:05:09'],
    ['a month that does not exist', '2 Foo 2002 13:05:09'],
    ['an hour that does not exist', '2 Sep 2002 25:05:09'],
    ['a number', '1030964709'],
  ])('are no dates: %s', (_, text) => {
    expect(parseMailDate(text)).toBeUndefined()
  })
})

it('reads back any time as servers write it', () =>
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }),
      (date) => {
        date.setUTCMilliseconds(0)
        expect(parseMailDate(date.toUTCString())).toBe(date.toISOString())
        expect(parseMailDate(date.toISOString())).toBe(date.toISOString())
      },
    ),
  ))

it('never takes long and never throws', () =>
  fc.assert(
    fc.property(anyText({ maxLength: 300 }), (text) => {
      parseMailDate(text)
    }),
  ))
