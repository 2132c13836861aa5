/** Properties of records, as the CRM names them. */
import * as t from 'io-ts'
import { struct } from './request.js'
import { Id } from './vocabulary.js'

const Property = struct('Property', { name: Id, value: t.string })
export type Property = t.TypeOf<typeof Property>
export const properties = t.readonlyArray(Property)
