/** The domain as peers get it: the same events, and a fold that is simpler than ours. */
import type { NewEvent } from '@threadbook/sourcing'

export interface PeersEvent {
  readonly type: string
  readonly data: Record<string, unknown>
  readonly metadata: Record<string, unknown>
}

export const peersEvent = ({ type, data, metadata }: NewEvent): PeersEvent => ({
  type,
  data: data as Record<string, unknown>,
  metadata: { ...metadata },
})

export interface PeersState {
  readonly events: number
  readonly owner: string | undefined
  readonly messages: readonly string[]
  readonly isOpen: boolean
}

export const initialState = (): PeersState => ({
  events: 0,
  owner: undefined,
  messages: [],
  isOpen: true,
})

/** Changes the state it is given: copying the list of messages each time would be unfair. */
export const evolve = (
  state: PeersState,
  { type, data }: Pick<PeersEvent, 'type' | 'data'>,
): PeersState => {
  const mine = state as { -readonly [K in keyof PeersState]: PeersState[K] }
  mine.events++
  if (type === 'Assigned') mine.owner = data['owner'] as string
  if (type === 'Closed') mine.isOpen = false
  if (type === 'MessageReceived' || type === 'MessageSent') {
    ;(mine.messages as string[]).push(data['messageId'] as string)
    mine.isOpen = true
  }
  return state
}
