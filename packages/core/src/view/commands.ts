import * as t from 'io-ts'
import type { NeedsEdition } from '../capabilities.js'
import { ConversationFilterCodec } from '../filter/codec.js'
import { asking, request, struct, type RequestOf, type WithFacts } from '../request.js'
import { Id, type Edition } from '../vocabulary.js'
import { ViewSort } from './events.js'

/** As the event has it, with a proper id. */
const Visibility = t.union(
  [
    struct('ViewVisibility', { to: t.literal('me') }),
    struct('ViewVisibility', { to: t.literal('team'), team: Id }),
    struct('ViewVisibility', { to: t.literal('account') }),
  ],
  'ViewVisibility',
)

interface Facts {
  readonly edition: Edition
  /** Of whoever asks: an admin may change other people's views. */
  readonly admin: boolean
  /** Whether the account has tickets in its inbox (K-08). */
  readonly tickets: boolean
}

const CreateView = request(
  'CreateView',
  { name: Id, filter: ConversationFilterCodec },
  {
    /** Made by the front door unless told. */
    viewId: Id,
    /** Whoever makes it alone, unless told. */
    visibility: Visibility,
    sort: ViewSort,
  },
)
export type CreateView = RequestOf<typeof CreateView> & WithFacts<Facts & { readonly zone: string }>
/** S-004, K-08. */
export const createView = asking(CreateView)

const ChangeView = request(
  'ChangeView',
  { viewId: Id },
  { name: Id, filter: ConversationFilterCodec, visibility: Visibility, sort: ViewSort },
)
export type ChangeView = RequestOf<typeof ChangeView> & WithFacts<Facts>
/** What is left out stays as it is. */
export const changeView = asking(ChangeView)

const DeleteView = request('DeleteView', { viewId: Id })
export type DeleteView = RequestOf<typeof DeleteView> & WithFacts<Facts>
export const deleteView = asking(DeleteView)

export const viewRequests = [CreateView, ChangeView, DeleteView] as const

export type ViewCommand = CreateView | ChangeView | DeleteView

export type ViewRefusal =
  | NeedsEdition
  | { readonly type: 'NoSuchView'; readonly situation: 'absent' | 'deleted' }
  /** Made before, by somebody else or with something else in it. */
  | { readonly type: 'ViewExists' }
  | { readonly type: 'NotYourView'; readonly owner: string }
  /** K-08: no custom view can be made of it. */
  | { readonly type: 'NotFilterable'; readonly attribute: string }
