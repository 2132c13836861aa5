import { sealed } from '@threadbook/sourcing'
import * as t from 'io-ts'
import type { Person } from './message.js'

/** Somebody at the other end. `who` is under the contact's key where there is a contact. */
export const Correspondent = t.intersection([
  /** The keyed hash of the address: equal for equal addresses, and nothing can be read from it. */
  t.type({ identity: t.string, who: sealed<Person>() }),
  t.partial({ contact: t.string }),
])
export type Correspondent = t.TypeOf<typeof Correspondent>
