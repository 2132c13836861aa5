/** A contact's addresses in plain text: read from its stream, where they are sealed. */
import { contacts, type ContactEvent, type IdentityKind } from '@threadbook/core'
import {
  copySealed,
  decodeEvent,
  Faulted,
  isErased,
  isSealedData,
  streamName,
  unseal,
  type Sealed,
  type SealedCopy,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'
import { answer } from './fault.js'

interface ContactAddress {
  readonly kind: IdentityKind
  readonly identity: string
  readonly address: string
}

interface ContactTexts {
  readonly name: string | undefined
  /** In the order in which they became known; those that were removed are not among them. */
  readonly addresses: readonly ContactAddress[]
}

const decode = decodeEvent(contacts.events)

/** What is erased, or not stored yet, is left out. */
export const contactTexts = async (
  { adapters, account }: Pick<Door, 'adapters' | 'account'>,
  contactId: string,
): Promise<ContactTexts> => {
  const stream = streamName(contacts.category, account, contactId)
  const { events } = await answer(adapters.store.readStream(stream))
  let name: SealedCopy<string> | undefined
  const sealed = new Map<string, { kind: IdentityKind; copy: SealedCopy<string> }>()
  const copy = (value: Sealed<string>, id: string, path: string) =>
    isSealedData(value) ? copySealed(value, id, path) : undefined
  for (const stored of events) {
    const decoded = decode(stored)
    if (E.isLeft(decoded)) throw new Faulted(decoded.left)
    const event: ContactEvent & { readonly id: string } = decoded.right
    if (event.type === 'ContactNamed') name = copy(event.data.name, event.id, 'name') ?? name
    if (event.type === 'IdentityRemoved') sealed.delete(event.data.identity)
    if (event.type !== 'IdentityAdded') continue
    const { kind, identity, address } = event.data
    const its = copy(address, event.id, 'address')
    if (its !== undefined) sealed.set(identity, { kind, copy: its })
  }
  const copies = [...sealed.values()].map((each) => each.copy)
  const wanted = new Set([...copies, ...(name === undefined ? [] : [name])].map(({ k }) => k))
  const keys = await answer(adapters.vault.read(wanted))
  const open = (sealedCopy: SealedCopy<string>) => {
    const text = unseal(sealedCopy, keys)
    return isErased(text) ? undefined : text
  }
  return {
    name: name && open(name),
    addresses: [...sealed].flatMap(([identity, { kind, copy }]) => {
      const address = open(copy)
      return address === undefined ? [] : [{ kind, identity, address }]
    }),
  }
}
