import type * as t from 'io-ts'
import { struct } from '../request.js'
import { Id } from '../vocabulary.js'

/** Needed where the message is the conversation's first. */
export const Start = struct('Start', { inbox: Id, key: Id }, { contact: Id, continues: Id })
export type Start = t.TypeOf<typeof Start>
