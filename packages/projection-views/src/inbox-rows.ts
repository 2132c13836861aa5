/** The inboxes of an account, as a screen lists them (S-002, S-003). */
import type { Channel, inboxes, Members } from '@threadbook/core'
import { streamId, type EventsOf, type Projection } from '@threadbook/sourcing'

type InboxEvent = EventsOf<(typeof inboxes)['events']>

export type InboxRow = {
  readonly account: string
  readonly id: string
  readonly name: string
  readonly channels: readonly { readonly channel: Channel; readonly address: string | null }[]
  readonly members: Members
}

/** Inboxes of two accounts may be called the same. */
export const inboxKey = (account: string, id: string): string => `${account}/${id}`

interface Named {
  readonly channel: Channel
  readonly address?: string | null
}
const isSame = (a: Named, b: Named): boolean =>
  a.channel === b.channel && (a.address ?? '').toLowerCase() === (b.address ?? '').toLowerCase()

export const inboxRows: Projection<InboxRow, InboxEvent> = {
  name: 'inboxes',
  version: 1,
  table: {
    name: 'inboxes',
    columns: { account: 'text', id: 'text' },
    indexes: [{ name: 'by_account', columns: ['account', 'id'] }],
  },
  categories: ['inbox'],
  keys: ({ stream, metadata }) => [inboxKey(metadata.account, streamId(stream))],
  on: {
    InboxCreated: (row, { stream, metadata, data }) =>
      row ?? {
        account: metadata.account,
        id: streamId(stream),
        name: data.name,
        channels: [],
        members: 'everyone',
      },
    InboxRenamed: (row, { data }) => {
      if (row !== undefined) row.name = data.name
    },
    ChannelConnected: (row, { data }) => {
      if (row === undefined) return
      const { channel, address = null } = data
      row.channels = [...row.channels.filter((each) => !isSame(each, data)), { channel, address }]
    },
    ChannelDisconnected: (row, { data }) => {
      if (row !== undefined) row.channels = row.channels.filter((each) => !isSame(each, data))
    },
    MembersChanged: (row, { data }) => {
      if (row !== undefined)
        row.members = data.members === 'everyone' ? 'everyone' : [...data.members]
    },
  },
}
