/** Addresses in one form, so that equal ones are equal. */
import type { Address } from 'postal-mime'
import type { Mailbox, PlusToken } from './mail.js'
import { cutTo, oneLine } from './text.js'

const LONGEST_NAME = 200

/** Domain in lower case, local part as written. */
const normalAddress = (address: string): string => {
  const clean = oneLine(address)
  const at = clean.lastIndexOf('@')
  return at < 0 ? clean : clean.slice(0, at) + clean.slice(at).replace(/\.+$/, '').toLowerCase()
}

/** No mail system in use tells local parts apart by case. */
export const sameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** The whole where there is no domain. */
export const localPart = (address: string): string => {
  const at = address.lastIndexOf('@')
  return at < 0 ? address : address.slice(0, at)
}

/** Groups as their members; what has no address is left out. */
export const mailboxes = (addresses: readonly Address[] = []): readonly Mailbox[] =>
  addresses.flatMap(({ name, address, group }) => {
    if (group !== undefined) return mailboxes(group)
    const normal = normalAddress(address)
    if (normal === '') return []
    const shown = cutTo(oneLine(name), LONGEST_NAME)
    return [shown === '' ? { address: normal } : { name: shown, address: normal }]
  })

/** The addresses in a field that holds nothing else, such as Delivered-To. */
export const bareAddresses = (values: readonly string[]): readonly string[] =>
  values.flatMap((value) =>
    value
      .split(/[\s,;<>]+/)
      .filter((word) => /^[^@]+@[^@]+$/.test(word))
      .map(normalAddress),
  )

/** Address and token of `support+token@example.com`; undefined where there is no token. */
const plusToken = (address: string): PlusToken | undefined => {
  const plus = address.indexOf('+')
  const at = address.lastIndexOf('@')
  if (plus < 1 || at < plus + 2) return undefined
  return { address: address.slice(0, plus) + address.slice(at), token: address.slice(plus + 1, at) }
}

export const plusTokens = (addresses: readonly string[]): readonly PlusToken[] =>
  addresses.flatMap((address) => plusToken(address) ?? [])

export const withoutPlus = (address: string): string => plusToken(address)?.address ?? address
