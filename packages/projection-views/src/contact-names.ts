/** What contacts are called: joined to rows when they are read, and never copied into them. */
import type { contacts, IdentityKind } from '@threadbook/core'
import {
  copySealed,
  remove,
  type EventsOf,
  type Projection,
  type SealedCopy,
} from '@threadbook/sourcing'

type ContactEvent = EventsOf<(typeof contacts)['events']>

export type ContactNameRow = {
  readonly account: string
  readonly name: SealedCopy<string> | null
  /** In the order in which they became known. */
  readonly addresses: readonly {
    readonly kind: IdentityKind
    readonly identity: string
    readonly address: SealedCopy<string>
  }[]
}

export const contactNames: Projection<ContactNameRow, ContactEvent> = {
  name: 'contactNames',
  version: 2,
  table: { name: 'contact_names', columns: { account: 'text' }, indexes: [] },
  categories: ['contact'],
  on: {
    ContactCreated: (_, { metadata }) => ({
      account: metadata.account,
      name: null,
      addresses: [],
    }),
    ContactNamed: (row, { id, data }) => {
      if (row !== undefined) row.name = copySealed(data.name, id, 'name')
    },
    IdentityAdded: (row, { id, data }) => {
      const { kind, identity } = data
      row?.addresses.push({ kind, identity, address: copySealed(data.address, id, 'address') })
    },
    IdentityRemoved: (row, { data }) => {
      if (row === undefined) return
      row.addresses = row.addresses.filter(({ identity }) => identity !== data.identity)
    },
    // Its addresses are the other's now.
    ContactMergedInto: () => remove,
    ContactErased: () => remove,
  },
}
