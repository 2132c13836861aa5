/** Calendar days in a zone, as spans of time. */
import type { IsoTime } from '@threadbook/sourcing'
import type { Ago } from './types.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const formats = new Map<string, Intl.DateTimeFormat>()
const formatOf = (zone: string): Intl.DateTimeFormat => {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA-u-ca-iso8601', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    formats.set(zone, format)
  }
  return format
}

const pad = (n: number, length = 2): string => String(n).padStart(length, '0')

/** The calendar day, as 2026-11-01, that a moment is on. */
export const dayAt = (time: IsoTime | number, zone: string): string => {
  const parts = formatOf(zone).formatToParts(typeof time === 'number' ? time : Date.parse(time))
  const part = (type: string) => Number(parts.find((each) => each.type === type)!.value)
  return `${pad(part('year'), 4)}-${pad(part('month'))}-${pad(part('day'))}`
}

/** A day so many days later, or earlier. */
const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** The same day of an earlier month, or that month's last. */
const monthsBefore = (day: string, months: number): string => {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const first = new Date(Date.UTC(year, month - 1 - months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date, last))
  return first.toISOString().slice(0, 10)
}

/**
 * The first moment of a calendar day in a zone, also where clocks skip midnight; of a day that a
 * zone left out, the first moment of the next.
 */
export const startOfDay = (day: string, zone: string): IsoTime => {
  // No zone is further from UTC than 15 hours.
  const midnight = Date.parse(`${day}T00:00:00.000Z`)
  let before = midnight - 16 * HOUR_MS
  let from = midnight + 16 * HOUR_MS
  while (from - before > 1) {
    const middle = before + Math.floor((from - before) / 2)
    if (dayAt(middle, zone) < day) before = middle
    else from = middle
  }
  return new Date(from).toISOString()
}

/** Where a day, or so long ago, begins; and where it is over: the same moment, for hours. */
export const spanOf = (
  value: string | Ago,
  now: IsoTime,
  zone: string,
): { readonly from: IsoTime; readonly to: IsoTime } => {
  if (typeof value === 'object' && value.unit === 'hours') {
    const moment = new Date(Date.parse(now) - value.ago * HOUR_MS).toISOString()
    return { from: moment, to: moment }
  }
  const day = typeof value === 'string' ? value : dayBefore(dayAt(now, zone), value)
  return { from: startOfDay(day, zone), to: startOfDay(dayAfter(day, 1), zone) }
}

const dayBefore = (today: string, { ago, unit }: Ago): string => {
  if (unit === 'months') return monthsBefore(today, ago)
  return dayAfter(today, -ago * (unit === 'weeks' ? 7 : 1))
}
