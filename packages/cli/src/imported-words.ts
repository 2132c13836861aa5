import type { Imported } from '@threadbook/email'
import { placeName, type Place } from './place.js'
import { clean } from './terminal-text.js'
import { counted } from './words.js'

/** What came of an import, on a line. */
export const importedWords = (
  { read, received, duplicates, rejected }: Imported,
  { place, inbox }: { readonly place: Place; readonly inbox: string },
  seconds: number,
): string => {
  const where = `${clean(inbox)} (${placeName(place)})`
  if (read === 0) return 'No mail was found.'
  if (duplicates === read)
    return `Nothing is new: ${counted(read, 'mail')} read, all in ${where} already. Nothing was imported twice.`
  const took = `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  const parts = [
    `${received.toLocaleString('en')} of ${counted(read, 'mail')} imported into ${where} in ${took}`,
    ...(duplicates > 0
      ? [`${duplicates.toLocaleString('en')} there already, not imported twice`]
      : []),
    ...(rejected > 0 ? [`${rejected.toLocaleString('en')} rejected, named above`] : []),
  ]
  return `${parts.join('; ')}.`
}
