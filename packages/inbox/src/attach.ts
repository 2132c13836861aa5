/** A file for a message to come: its bytes are stored before anything names them. */
import { conversations, type Draft } from '@threadbook/core'
import { Faulted, sealBytes, toSeal, type CommandFault, type KeyId } from '@threadbook/sourcing'
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

/** Of a conversation that is to be composed: no other has a key of this id. */
const keyToCome = ({ account }: Door, conversationId: string): KeyId =>
  `mail/${account}/${conversationId}`

export type NewMail = E.Either<CommandFault, string>

/** Nothing but its key is there until it is composed; without that, the key opens nothing. */
export const newMail = (door: Door): Promise<NewMail> =>
  answering(async () => {
    const conversationId = door.newId()
    await door.keys.make(keyToCome(door, conversationId))
    return E.right(conversationId)
  })

/** The key that files were sealed with before there was a conversation; undefined where none is. */
export const keyOfNewMail = async (
  door: Door,
  conversationId: string,
): Promise<KeyId | undefined> => (await door.keys.key(keyToCome(door, conversationId)))?.id

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
    if (state.situation === 'purged')
      return E.left({ type: 'NoSuchConversation', situation: 'purged' })
    const present = state.situation === 'present'
    const keyId = present ? state.key : keyToCome(door, conversationId)
    const key = await door.keys.key(keyId)
    if (key === undefined) {
      if (present) throw new Faulted({ type: 'KeyGone', key: keyId })
      return E.left({ type: 'NoSuchConversation', situation: 'absent' })
    }
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
