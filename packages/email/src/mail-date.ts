/** Dates as mails claim them; about one in seven does not follow the standard. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Minutes east of UTC; where a name means several zones, the one mail software means. */
const ZONES: Readonly<Record<string, number>> = {
  ...{ bst: 60, cet: 60, met: 60, mez: 60, west: 60, wat: 60 },
  ...{ cest: 120, mest: 120, mesz: 120, eet: 120, sast: 120, eest: 180, msk: 180, msd: 240 },
  ...{ pkt: 300, hkt: 480, sgt: 480, awst: 480, jst: 540, kst: 540 },
  ...{ acst: 570, acdt: 630, aest: 600, aedt: 660, nzst: 720, nzdt: 780 },
  ...{ nst: -210, ndt: -150, ast: -240, adt: -180, est: -300, edt: -240, cst: -360, cdt: -300 },
  ...{ mst: -420, mdt: -360, pst: -480, pdt: -420, akst: -540, akdt: -480, hst: -600 },
}

const WEEKDAY = String.raw`(?:[a-z]+\.?(?:\s*,\s*|\s+))?`
const MONTH = String.raw`(?<month>[a-z]{3})[a-z]*\.?`
const DAY = String.raw`(?<day>\d{1,2})`
const YEAR = String.raw`(?<year>\d{2,4})`
const TIME = String.raw`(?<hour>\d{1,2})[:.](?<minute>\d{1,2})(?:[:.](?<second>\d{1,2}))?(?:[.,]\d{1,9})?(?:\s*(?<half>[ap])\.?m\b\.?)?`
const LATER = String.raw`(?:,?\s+(?:at\s+)?${TIME})?`
const ZONE = String.raw`\s*(?<zone>[a-z]{1,5}\b)?\s*(?<offset>[+-]\d{1,2}:?(?:\d{2})?(?!\d))?`

const FORMS = [
  `${WEEKDAY}${DAY}[\\s-]*${MONTH}[\\s,-]*${YEAR}${LATER}${ZONE}`, // Mon, 2 Sep 2002 13:05:09 +0200
  `${WEEKDAY}${MONTH}\\s+${DAY},?\\s+${TIME}${ZONE}\\s+(?<year>\\d{4})(?!\\d)`, // Mon Sep  2 13:05:09 2002
  `${WEEKDAY}${MONTH}\\s+${DAY},?\\s+(?<year>\\d{4})${LATER}${ZONE}`, // September 2, 2002 1:05 PM
  `(?<year>\\d{4})[-/]${'(?<month>\\d{1,2})'}[-/]${DAY}(?:[t\\s]+${TIME})?${ZONE}`, // 2002-09-02T13:05:09Z
  `${WEEKDAY}(?<month>\\d{1,2})/${DAY}/${YEAR}${LATER}${ZONE}`, // 9/2/2002 13:05
  `${WEEKDAY}${DAY}\\.(?<month>\\d{1,2})\\.${YEAR}${LATER}${ZONE}`, // 2.9.2002 13:05
].map((form) => new RegExp(`^${form}`, 'i'))

type Groups = Readonly<Record<string, string | undefined>>

const fullYear = (digits: string): number => {
  const year = Number(digits)
  if (year >= 1000) return year
  // Two digits as RFC 5322 reads them. More are years since 1900, as 0102 of software older than 2000.
  return digits.length === 2 && year < 50 ? 2000 + year : 1900 + year
}

const monthIndex = (month: string): number =>
  /^\d/.test(month) ? Number(month) - 1 : MONTHS.indexOf(month.toLowerCase())

const hour24 = (hour: number, half: string | undefined): number =>
  half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)

/** Minutes east of UTC; no zone, an unknown or an impossible one counts as UTC. */
const offsetOf = ({ zone = '', offset }: Groups): number => {
  if (offset === undefined) return ZONES[zone.toLowerCase()] ?? 0
  const digits = offset.slice(1).replace(':', '')
  const [hours, minutes] =
    digits.length < 3 ? [digits, '0'] : [digits.slice(0, -2), digits.slice(-2)]
  const east = Number(hours) * 60 + Number(minutes)
  if (east > 14 * 60) return 0
  return offset.startsWith('-') ? -east : east
}

const timeOf = (groups: Groups): number | undefined => {
  const { year = '', month = '', day, hour = 0, minute = 0, second = 0, half } = groups
  const hours = hour24(Number(hour), half)
  // A leap second is the second before it: Date has none.
  const seconds = Math.min(Number(second), 59)
  const at = new Date(
    Date.UTC(fullYear(year), monthIndex(month), Number(day), hours, Number(minute), seconds),
  )
  const rolledOver =
    at.getUTCDate() !== Number(day) ||
    at.getUTCMonth() !== monthIndex(month) ||
    at.getUTCMinutes() !== Number(minute)
  if (rolledOver || at.getUTCFullYear() < 1900) return undefined
  return at.getTime() - offsetOf(groups) * 60_000
}

const plain = (text: string): string =>
  (text.includes('(') ? text.replace(/\([^()]*\)/g, ' ') : text).slice(0, 200).trim()

/** In milliseconds since 1970; undefined where the text is no date. */
export const parseMailTime = (text: string): number | undefined => {
  const date = plain(text)
  for (const form of FORMS) {
    const groups = form.exec(date)?.groups
    if (groups === undefined) continue
    const time = timeOf(groups)
    if (time !== undefined) return time
  }
  return undefined
}

/** ISO 8601 in UTC; undefined where the text is no date. */
export const parseMailDate = (text: string): string | undefined => {
  const time = parseMailTime(text)
  return time === undefined ? undefined : new Date(time).toISOString()
}
