/**
 * Links to share with a colleague (S-090…S-092). They name ids and nothing else (D-20): a
 * conversation that is moved, merged or switched to another channel, and a message that is hidden,
 * are still found by them.
 */

export interface LinkTarget {
  readonly conversationId: string
  /** One message of it; the whole conversation where left out. */
  readonly messageId?: string
}

const CONVERSATIONS = 'conversations'
const MESSAGES = 'messages'

/** A path, behind the address of a host's own screen where that is given. */
export const linkTo = ({ conversationId, messageId }: LinkTarget, base = ''): string => {
  const conversation = `${base.replace(/\/+$/, '')}/${CONVERSATIONS}/${encodeURIComponent(conversationId)}`
  return messageId === undefined
    ? conversation
    : `${conversation}/${MESSAGES}/${encodeURIComponent(messageId)}`
}

const decoded = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** What a link is to; undefined where it is none of ours. What stands behind `?` or `#` is not looked at. */
export const linkTarget = (link: string): LinkTarget | undefined => {
  const found = /\/conversations\/([^/?#]+)(?:\/messages\/([^/?#]+))?\/?(?:[?#].*)?$/.exec(link)
  if (found === null) return undefined
  const [conversationId, messageId] = found.slice(1).map((part) => part && decoded(part))
  if (!conversationId || (found[2] !== undefined && !messageId)) return undefined
  return { conversationId, ...(messageId && { messageId }) }
}
