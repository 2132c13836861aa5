/** How the team files a conversation and where it lives, and the undo of a merge. */
import type * as t from 'io-ts'
import { asking, request, type RequestOf, type WithFacts } from '../request.js'
import { Id, IdentityKind, IsoTime, type Edition } from '../vocabulary.js'
import { CorrespondentToSeal, Message, Person } from './message.js'
import { PropertyName, PropertyValue } from './property.js'
import { Start } from './start.js'

const conversation = { conversationId: Id }

const AddLabel = request('AddLabel', { ...conversation, label: Id })
export type AddLabel = RequestOf<typeof AddLabel>
export const addLabel = asking(AddLabel)

const RemoveLabel = request('RemoveLabel', { ...conversation, label: Id })
export type RemoveLabel = RequestOf<typeof RemoveLabel>
export const removeLabel = asking(RemoveLabel)

/** Null takes the property away. */
const SetConversationProperty = request('SetConversationProperty', {
  ...conversation,
  name: PropertyName,
  value: PropertyValue,
})
export type SetConversationProperty = RequestOf<typeof SetConversationProperty>
export const setConversationProperty = asking(SetConversationProperty)

/** Somebody who takes part besides the contact, by hand; whoever writes joins by that. */
const AddParticipant = request(
  'AddParticipant',
  { ...conversation, person: Person },
  /** `email` unless told. */
  { kind: IdentityKind },
)
type Correspondent = t.TypeOf<typeof CorrespondentToSeal>
/** The front door knows them by the hash of their address. */
export type AddParticipant = Omit<RequestOf<typeof AddParticipant>, 'person' | 'kind'> & {
  readonly participant: Correspondent
}
export const addParticipant = asking(AddParticipant)

const RemoveParticipant = request('RemoveParticipant', { ...conversation, identity: Id })
export type RemoveParticipant = RequestOf<typeof RemoveParticipant>
export const removeParticipant = asking(RemoveParticipant)

const MoveToInbox = request('MoveToInbox', { ...conversation, inbox: Id })
export type MoveToInbox = RequestOf<typeof MoveToInbox> &
  WithFacts<{ readonly edition: Edition }> & {
    /** Names of the claims that its Message-IDs have in the new inbox. */
    readonly claims?: readonly string[]
  }
export const moveToInbox = asking(MoveToInbox)

/** Undoes that this conversation was merged into another. */
const Unmerge = request('Unmerge', conversation)
type Unmerge = RequestOf<typeof Unmerge>
export const unmerge = asking(Unmerge)

export const workRequests = [
  AddLabel,
  RemoveLabel,
  SetConversationProperty,
  AddParticipant,
  RemoveParticipant,
  MoveToInbox,
  Unmerge,
] as const

/** The other half of an undone merge, decided with it. */
const Separate = request('Separate', { ...conversation, source: Id })
export type Separate = RequestOf<typeof Separate>

/** What a blocked visitor wrote: decided by intake alone (D-08). Its boxes are under `key`. */
const ReceiveBlockedMessage = request(
  'ReceiveBlockedMessage',
  { ...conversation, message: Message, from: CorrespondentToSeal, key: Id },
  { start: Start },
)
export type ReceiveBlockedMessage = RequestOf<typeof ReceiveBlockedMessage>

/** Forgets what blocked visitors wrote until then: asked by the clock (D-25). */
const ForgetBlockedMessages = request('ForgetBlockedMessages', { ...conversation, until: IsoTime })
export type ForgetBlockedMessages = RequestOf<typeof ForgetBlockedMessages>
export const forgetBlockedMessages = asking(ForgetBlockedMessages)

/** Asked for by nobody outside. */
export const workInnerRequests = [Separate, ReceiveBlockedMessage, ForgetBlockedMessages] as const

export type WorkCommand =
  | AddLabel
  | RemoveLabel
  | SetConversationProperty
  | AddParticipant
  | RemoveParticipant
  | MoveToInbox
  | Unmerge
  | Separate
  | ReceiveBlockedMessage
  | ForgetBlockedMessages
