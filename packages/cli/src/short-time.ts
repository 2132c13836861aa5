import type { IsoTime } from '@threadbook/sourcing'

// Not from Intl, whose abbreviations differ from one version of Node to the next.
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const dayOf = (time: Date): string => `${time.getDate()} ${MONTHS[time.getMonth()]!}`
const clockOf = (time: Date): string =>
  [time.getHours(), time.getMinutes()].map((n) => String(n).padStart(2, '0')).join(':')

/** In this machine's zone: the time of today, the day of this year, else the day with its year. */
export const shortTime = (at: IsoTime, now: Date): string => {
  const time = new Date(at)
  if (time.toDateString() === now.toDateString()) return clockOf(time)
  const sameYear = time.getFullYear() === now.getFullYear()
  return sameYear ? dayOf(time) : `${dayOf(time)} ${time.getFullYear()}`
}

/** Day and time, with the year where it is another than now. */
export const fullTime = (at: IsoTime, now: Date): string => {
  const time = new Date(at)
  const today = time.toDateString() === now.toDateString()
  return today ? clockOf(time) : `${shortTime(at, now)}, ${clockOf(time)}`
}
