/** Weekly hours in a zone of their own: when somebody, or an inbox, is there (K-12, K-14). */
import type { IsoTime } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { Temporal } from 'temporal-polyfill'
import { struct } from '../request.js'
import { CalendarDay, Zone } from '../vocabulary.js'

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/
const isTimeOfDay = (u: unknown): u is string =>
  typeof u === 'string' && (TIME.test(u) || u === '24:00')

/** From 00:00 to 24:00, which is the end of the day. */
export const TimeOfDay = new t.Type<string>(
  'time of day from 00:00 to 24:00',
  isTimeOfDay,
  (u, c) => (isTimeOfDay(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

/** From before to; night shifts are two periods that meet at midnight. */
const Period = struct('Period', { from: TimeOfDay, to: TimeOfDay })
const Periods = t.readonlyArray(Period)

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const Week = struct(
  'Week',
  {},
  {
    monday: Periods,
    tuesday: Periods,
    wednesday: Periods,
    thursday: Periods,
    friday: Periods,
    saturday: Periods,
    sunday: Periods,
  },
)

export const WorkingHours = struct(
  'WorkingHours',
  { zone: Zone, week: Week },
  {
    /** Days without hours. */
    holidays: t.readonlyArray(CalendarDay),
  },
)
export type WorkingHours = t.TypeOf<typeof WorkingHours>

/** The field and what was expected there; undefined where the hours make sense. */
export const wrongHours = ({ week }: WorkingHours) => {
  for (const day of days)
    for (const { from, to } of week[day] ?? [])
      if (from >= to)
        return { field: `hours.week.${day}`, expected: `to later than ${from}`, found: to }
  return undefined
}

/** When a time of a day comes; where clocks are changed and it comes not at all, the moment later. */
const momentOf = (day: Temporal.PlainDate, time: string, zone: string): number =>
  (time === '24:00'
    ? day.add({ days: 1 }).toZonedDateTime(zone)
    : day.toZonedDateTime({ timeZone: zone, plainTime: time })
  ).epochMilliseconds

interface Span {
  from: number
  to: number
}

const spansOf = ({ zone, week, holidays = [] }: WorkingHours, day: Temporal.PlainDate): Span[] =>
  holidays.includes(day.toString())
    ? []
    : (week[days[day.dayOfWeek - 1]!] ?? []).map(({ from, to }) => ({
        from: momentOf(day, from, zone),
        to: momentOf(day, to, zone),
      }))

/** The spans of these days, those that meet as one, in their order. */
const joined = (hours: WorkingHours, first: Temporal.PlainDate, count: number): readonly Span[] => {
  const spans: Span[] = []
  for (let n = 0; n < count; n++) spans.push(...spansOf(hours, first.add({ days: n })))
  spans.sort((a, b) => a.from - b.from)
  const all: Span[] = []
  for (const span of spans) {
    const last = all.at(-1)
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else all.push(span)
  }
  return all
}

const dayOf = (at: IsoTime, zone: string): Temporal.PlainDate =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate()

/** The calendar day that it is at a moment in a zone, as 2024-04-01. */
export const calendarDay = (at: IsoTime, zone: string): string => dayOf(at, zone).toString()

export const isWithin = (hours: WorkingHours, at: IsoTime): boolean => {
  const now = Date.parse(at)
  return joined(hours, dayOf(at, hours.zone).subtract({ days: 1 }), 3).some(
    ({ from, to }) => from <= now && now < to,
  )
}

/** How far is looked for a boundary: those who work once a year are found. */
const WEEKS_LOOKED_AT = 53

/** When hours begin or end within the week from this day on, in order. */
const boundaries = (hours: WorkingHours, first: Temporal.PlainDate): readonly number[] => {
  const from = momentOf(first, '00:00', hours.zone)
  const to = momentOf(first.add({ days: 6 }), '24:00', hours.zone)
  // A day more at either end: what meets at midnight has no boundary there.
  return joined(hours, first.subtract({ days: 1 }), 9)
    .flatMap((span) => [span.from, span.to])
    .filter((moment) => from <= moment && moment < to)
}

const isEmpty = ({ week }: WorkingHours): boolean =>
  days.every((day) => (week[day] ?? []).length === 0)

const iso = (moment: number | undefined): IsoTime | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString()

const boundary = (
  hours: WorkingHours,
  at: IsoTime,
  direction: -1 | 1,
  find: (moments: readonly number[]) => number | undefined,
): IsoTime | undefined => {
  if (isEmpty(hours)) return undefined
  const around = dayOf(at, hours.zone).subtract({ days: 3 })
  for (let week = 0; week <= WEEKS_LOOKED_AT; week++) {
    const found = find(boundaries(hours, around.add({ days: 7 * week * direction })))
    if (found !== undefined) return iso(found)
  }
  return undefined
}

/** When hours last began or ended, at the latest at the moment given; undefined where never in a year. */
export const lastBoundary = (hours: WorkingHours, at: IsoTime): IsoTime | undefined => {
  const now = Date.parse(at)
  return boundary(hours, at, -1, (moments) => moments.filter((moment) => moment <= now).at(-1))
}

/** When hours next begin or end, after the moment given; undefined where never in a year. */
export const nextBoundary = (hours: WorkingHours, at: IsoTime): IsoTime | undefined => {
  const now = Date.parse(at)
  return boundary(hours, at, 1, (moments) => moments.find((moment) => moment > now))
}
