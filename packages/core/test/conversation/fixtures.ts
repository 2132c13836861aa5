/** Things said and done in one conversation. */
import {
  conversations,
  type Actor,
  type Channel,
  type ConversationCommand,
  type ConversationEvent,
  type Edition,
  type Owner,
  type PropertyValue,
  type SpamCause,
  type UserSituation,
} from '@threadbook/core'
import { stories } from '@threadbook/core/testing'
import { toSeal } from '@threadbook/sourcing'
import * as records from './record-fixtures.js'

export const { given } = stories(conversations)

const box = toSeal('private' as never)
const conversationId = 'conversation-1'
const ada: Actor = 'user:ada'

type Event<T extends ConversationEvent['type']> = Extract<ConversationEvent, { readonly type: T }>
type Data<T extends ConversationEvent['type']> = Partial<Event<T>['data']>

// Who writes.
export const contact = { identity: 'hash-of-maria', who: box, contact: 'maria' }
export const stranger = { identity: 'hash-of-paul', who: box }

// What happened.
export const startedWith = (
  channel: Channel,
  data: Data<'ConversationStarted'> = {},
): ConversationEvent => ({
  type: 'ConversationStarted',
  data: { inbox: 'support', channel, key: 'key-1', contact: 'maria', ...data },
})
export const started = startedWith('email')
export const chatStarted = startedWith('chat')

const content = (channel: Channel) => ({
  channel,
  preview: box,
  content: box,
  attachments: [],
})

export const received = (
  messageId = 'hello',
  data: Data<'MessageReceived'> = {},
): ConversationEvent => ({
  type: 'MessageReceived',
  data: { ...content('email'), messageId, from: contact, mailClass: 'personal', ...data },
})
export const said = (messageId = 'hello'): ConversationEvent =>
  received(messageId, { channel: 'chat' })

export const sent = (messageId = 'answer', data: Data<'MessageSent'> = {}): ConversationEvent => ({
  type: 'MessageSent',
  data: { ...content('email'), messageId, kind: 'reply', to: [], ...data },
})

export const commented = (commentId = 'note', mentions: string[] = []): ConversationEvent => ({
  type: 'CommentAdded',
  data: { commentId, preview: box, text: box, mentions },
})
export const failed = (messageId: string): ConversationEvent => ({
  type: 'MessageDeliveryFailed',
  data: { messageId, reason: box },
})
export const hidden = (messageId = 'hello'): ConversationEvent => ({
  type: 'MessageHidden',
  data: { messageId },
})
export const unhidden = (messageId = 'hello'): ConversationEvent => ({
  type: 'MessageUnhidden',
  data: { messageId },
})
export const assigned = (owner: Owner = 'user:ada'): ConversationEvent => ({
  type: 'Assigned',
  data: { owner },
})
export const botTookOver = (chatflowId = 'flow-1'): ConversationEvent => ({
  type: 'BotTookOver',
  data: { chatflowId, chatflowName: 'Greeter' },
})
export const snoozed = (until: string): ConversationEvent => ({ type: 'Snoozed', data: { until } })
export const marked = (cause: SpamCause = 'marked'): ConversationEvent => ({
  type: 'MarkedAsSpam',
  data: { cause },
})
export const merged = (target = 'older'): ConversationEvent => ({
  type: 'MergedInto',
  data: { target },
})
export const mergedFrom = (source = 'younger'): ConversationEvent => ({
  type: 'MergedFrom',
  data: { source },
})
export const continued = (conversation = 'next'): ConversationEvent => ({
  type: 'ContinuedIn',
  data: { conversation },
})
export const associated = (contactId = 'maria'): ConversationEvent => ({
  type: 'ContactAssociated',
  data: { contact: contactId },
})
export const joined = (participant: typeof stranger = stranger): ConversationEvent => ({
  type: 'ParticipantAdded',
  data: { participant },
})
export const left = (identity = stranger.identity): ConversationEvent => ({
  type: 'ParticipantRemoved',
  data: { identity },
})
export const labelled = (label = 'vip'): ConversationEvent => ({
  type: 'LabelAdded',
  data: { label },
})
export const unlabelled = (label = 'vip'): ConversationEvent => ({
  type: 'LabelRemoved',
  data: { label },
})
export const propertySet = (name: string, value: PropertyValue): ConversationEvent => ({
  type: 'ConversationPropertySet',
  data: { name, value },
})
export const moved = (to = 'sales', from = 'support', claims?: string[]): ConversationEvent => ({
  type: 'MovedToInbox',
  data: { from, to, ...(claims && { claims }) },
})
export const unmerged = (target = 'older'): ConversationEvent => ({
  type: 'Unmerged',
  data: { target },
})
export const unmergedFrom = (source = 'younger'): ConversationEvent => ({
  type: 'UnmergedFrom',
  data: { source },
})
export const blockedSaid = (
  messageId = 'insult',
  data: Data<'BlockedMessageReceived'> = {},
): ConversationEvent => ({
  type: 'BlockedMessageReceived',
  data: { ...content('chat'), messageId, from: stranger, key: `key of ${messageId}`, ...data },
})
export const forgotten = (...messageIds: string[]): ConversationEvent => ({
  type: 'BlockedMessagesForgotten',
  data: { messageIds, keys: messageIds.map((id) => `key of ${id}`), blobs: [] },
})
export const purgedWith = (blobs: string[]): ConversationEvent => ({
  type: 'Purged',
  data: { keys: ['key-1'], blobs },
})
export const purged = purgedWith([])
export const held: ConversationEvent = { type: 'HoldPlaced', data: { reason: box } }
const bare = <T extends ConversationEvent['type']>(type: T) =>
  ({ type, data: {} }) as unknown as Event<T>
export const unassigned = bare('Unassigned')
export const handedOff = bare('HandedOffToTeamMember')
export const closed = bare('Closed')
export const reopened = bare('Reopened')
export const woken = bare('Woken')
export const trashed = bare('Trashed')
export const restored = bare('Restored')
export const holdReleased = bare('HoldReleased')
export const unmarked = bare('UnmarkedAsSpam')
export const disassociated = bare('ContactDisassociated')

// What is asked for.
type Command<T extends ConversationCommand['type']> = Extract<
  ConversationCommand,
  { readonly type: T }
>
type Fields<T extends ConversationCommand['type']> = Partial<Omit<Command<T>, 'type'>>

const message = (messageId: string, channel: Channel = 'email') => ({
  ...content(channel),
  messageId,
})
const start = { inbox: 'support', key: 'key-1', contact: 'maria' }

export const receive = (
  messageId = 'hello',
  fields: Fields<'ReceiveMessage'> = {},
): Command<'ReceiveMessage'> => ({
  type: 'ReceiveMessage',
  conversationId,
  message: message(messageId),
  from: contact,
  mailClass: 'personal',
  actor: 'contact',
  ...fields,
})
export const receiveFirst = (
  messageId = 'hello',
  fields: Fields<'ReceiveMessage'> = {},
): Command<'ReceiveMessage'> => receive(messageId, { start, ...fields })

export const send = (
  kind: Command<'SendMessage'>['kind'] = 'reply',
  fields: Fields<'SendMessage'> = {},
): Command<'SendMessage'> => ({
  type: 'SendMessage',
  conversationId,
  kind,
  message: message('answer'),
  to: [],
  actor: ada,
  ...fields,
})
export const sendFirst = (
  kind: Command<'SendMessage'>['kind'],
  fields: Fields<'SendMessage'> = {},
): Command<'SendMessage'> => send(kind, { start, ...fields })

export const without = <A extends object, K extends keyof A & string>(
  key: K,
  whole: A,
): Omit<A, K> =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)) as Omit<A, K>

const on = <T extends ConversationCommand['type']>(type: T, fields: object = {}): Command<T> =>
  ({ type, conversationId, actor: ada, ...fields }) as unknown as Command<T>

export const failDelivery = (messageId: string) =>
  on('FailDelivery', { messageId, reason: box, actor: 'system' })
export const comment = (commentId = 'note', mentions?: string[]) =>
  on('AddComment', { commentId, preview: box, text: box, ...(mentions && { mentions }) })
export const assign = (owner: Owner = 'user:ada', ownerSituation: UserSituation = 'active') =>
  on('Assign', { owner, facts: { ownerSituation } })
export const unassign = on('Unassign')
export const takeOverByBot = (chatflowId = 'flow-1') =>
  on('TakeOverByBot', { chatflowId, chatflowName: 'Greeter', actor: 'bot:greeter' })
export const handOff = (owner?: Owner, ownerSituation: UserSituation = 'active') =>
  on('HandOff', { ...(owner && { owner }), facts: { ownerSituation }, actor: 'bot:greeter' })
export const close = on('Close')
export const reopen = on('Reopen')
export const snooze = (until: string) => on('Snooze', { until })
export const wake = (actor: Actor = ada) => on('Wake', { actor })
export const trash = on('Trash')
export const restore = on('Restore')
export const placeHold = on('PlaceHold', { reason: box })
export const releaseHold = on('ReleaseHold')
export const purge = (actor: Actor = ada, fields: Fields<'Purge'> = {}) =>
  on('Purge', { actor, ...fields })
export const markAsSpam = (cause?: SpamCause) => on('MarkAsSpam', cause && { cause })
export const unmarkAsSpam = (contactId?: string) =>
  on('UnmarkAsSpam', contactId === undefined ? {} : { contact: contactId })
export const hide = (edition: Edition = 'enterprise', messageId = 'hello') =>
  on('HideMessage', { messageId, facts: { edition } })
export const unhide = (
  actor: Actor,
  facts: { superAdmin?: boolean; removed?: boolean } = {},
  messageId = 'hello',
) =>
  on('UnhideMessage', {
    actor,
    messageId,
    facts: { superAdmin: false, removed: false, ...facts },
  })
export const mergeInto = (target = 'older') => on('MergeInto', { target })
export const absorb = (source = 'younger') => on('Absorb', { source })
export const unmerge = on('Unmerge')
export const separate = (source = 'younger') => on('Separate', { source })
export const addLabel = (label = 'vip') => on('AddLabel', { label })
export const removeLabel = (label = 'vip') => on('RemoveLabel', { label })
export const setProperty = (name: string, value: PropertyValue) =>
  on('SetConversationProperty', { name, value })
export const addParticipant = (participant: typeof stranger = stranger) =>
  on('AddParticipant', { participant })
export const removeParticipant = (identity = stranger.identity) =>
  on('RemoveParticipant', { identity })
export const moveToInbox = (inbox = 'sales', edition: Edition = 'professional', fields = {}) =>
  on('MoveToInbox', { inbox, facts: { edition }, ...fields })
export const receiveBlocked = (messageId = 'insult', fields = {}) =>
  on('ReceiveBlockedMessage', {
    message: message(messageId, 'chat'),
    from: stranger,
    key: `key of ${messageId}`,
    actor: 'contact',
    ...fields,
  })
export const forgetBlocked = (until: string) =>
  on('ForgetBlockedMessages', { until, actor: 'system' })
export const continueIn = (conversation = 'next') => on('ContinueIn', { conversation })
export const associate = (contactId = 'maria') => on('AssociateContact', { contact: contactId })
export const disassociate = on('DisassociateContact')

/** One of each that works on a conversation, as a person or the system would ask for it. */
export const anyCommand: readonly ConversationCommand[] = [
  receive('next'),
  send('reply', { message: message('next') }),
  failDelivery('answer'),
  on('Forward', {
    forwarded: 'hello',
    to: [],
    message: message('forward'),
    facts: { latestEmail: { messageId: 'hello', hidden: false } },
  }),
  on('SwitchReplyChannel', { channel: 'email', to: stranger }),
  on('SendTranscript', { transcriptId: 'transcript', to: [stranger] }),
  on('CallContact', { callId: 'call', number: box }),
  comment('another'),
  assign('user:bo'),
  unassign,
  takeOverByBot('flow-2'),
  handOff(),
  close,
  reopen,
  snooze('2026-12-24T09:00:00.000Z'),
  wake(),
  trash,
  restore,
  placeHold,
  releaseHold,
  purge(),
  markAsSpam(),
  unmarkAsSpam(),
  hide(),
  unhide(ada),
  mergeInto(),
  absorb(),
  continueIn(),
  separate(),
  addLabel(),
  removeLabel(),
  setProperty('plan', 'gold'),
  addParticipant(),
  removeParticipant(),
  moveToInbox(),
  receiveBlocked(),
  associate('paul'),
  disassociate,
  records.createTicket(),
  records.associateTicket(),
  records.changeTicket(),
  records.createDeal(),
]
