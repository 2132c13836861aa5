/** A file for a message to come: its bytes are stored before anything names them. */
import { conversations, type Draft } from '@threadbook/core'
import { Faulted, sealBytes, toSeal, type CommandFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'
import { answer, answering } from './fault.js'
import { stateOf } from './state-of.js'

export interface FileToAttach {
  readonly name: string
  readonly mimeType: string
  readonly bytes: Uint8Array
  /** Shown within the HTML, which names it as `cid:` and this id. */
  readonly contentId?: string
}

/** As `reply` and its like take it. */
export type AttachedFile = NonNullable<Draft['attachments']>[number]

export type AttachFile = E.Either<
  { readonly type: 'NoSuchConversation'; readonly situation: 'absent' | 'purged' } | CommandFault,
  AttachedFile
>

/**
 * Sealed with the conversation's key: purging it takes the file along. A file that no message names
 * in the end is sealed bytes that nobody finds.
 */
export const attachFile = (
  door: Door,
  conversationId: string,
  { name, mimeType, bytes, contentId }: FileToAttach,
): Promise<AttachFile> =>
  answering(async (): Promise<AttachFile> => {
    const state = await stateOf(door, conversations, conversationId)
    if (state.situation !== 'present')
      return E.left({ type: 'NoSuchConversation', situation: state.situation })
    const key = await door.keys.key(state.key)
    if (key === undefined) throw new Faulted({ type: 'KeyGone', key: state.key })
    const blob = door.newId()
    await answer(door.adapters.blobs.put(blob, sealBytes(bytes, blob, key.bytes)))
    const mac = await door.mac()
    return E.right({
      blob,
      size: bytes.length,
      mimeType,
      mac: mac(bytes),
      name: toSeal(name),
      ...(contentId !== undefined && { contentId: toSeal(contentId), inline: true }),
    })
  })
