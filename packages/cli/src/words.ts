/** The words that lists and threads share. */
import type { Channel, SpamCause } from '@threadbook/core'
import { isErased, type Erased } from '@threadbook/sourcing'
import { clean } from './terminal-text.js'

export const causeWords: Readonly<Record<SpamCause, string>> = {
  marked: 'marked by hand',
  blockedSender: 'blocked sender',
  deniedSender: 'denied sender',
  blockedDomain: 'blocked domain',
  deniedDomain: 'denied domain',
  bounce: 'bounce',
  automatedResponse: 'automatic reply',
  marketing: 'marketing',
  subscriptionLink: 'subscription link',
  roleBasedSender: 'role-based sender',
  teamToItself: 'team to itself',
}

export const channelWords: Readonly<Record<Channel, string>> = {
  email: 'e-mail',
  chat: 'chat',
  messenger: 'Messenger',
  form: 'form',
  call: 'call',
}

/** `all-open`, `All open` and `allOpen` are the same. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '')

export const ERASED = '(erased)'
const HIDDEN = '(hidden)'
export const UNKNOWN = '(unknown)'
export const NO_SUBJECT = '(no subject)'

/** On one line; empty where there is nothing to be shown. */
export const shownText = (text: string | Erased | { readonly hidden: true } | null): string => {
  if (text === null) return ''
  if (typeof text === 'string') return clean(text)
  return isErased(text) ? ERASED : HIDDEN
}

/** `user:ada` → `ada`; teams, bots and integrations keep their kind. */
export const actorWords = (actor: string): string => clean(actor.replace(/^user:/, ''))

export const counted = (count: number, one: string, many = `${one}s`): string =>
  count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${many}`

const KB = 1024

/** `12 kB`, `3.4 MB` */
export const sizeWords = (bytes: number): string => {
  if (bytes < KB) return counted(bytes, 'byte')
  if (bytes < KB * KB) return `${Math.round(bytes / KB).toLocaleString('en')} kB`
  return `${(bytes / (KB * KB)).toFixed(1)} MB`
}
