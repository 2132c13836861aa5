/** What the front door asks of a reaction's parking; `reaction` names the stream. */
import * as t from 'io-ts'
import { asking, request, type RequestOf } from '../request.js'
import { Id } from '../vocabulary.js'

const place = { reaction: Id, stream: t.string, revision: t.number }

const ParkEvent = request('ParkEvent', { ...place, problem: Id })
type ParkEvent = RequestOf<typeof ParkEvent>
export const parkEvent = asking(ParkEvent)

const UnparkEvent = request('UnparkEvent', place)
type UnparkEvent = RequestOf<typeof UnparkEvent>
export const unparkEvent = asking(UnparkEvent)

export const parkingRequests = [ParkEvent, UnparkEvent] as const

export type ParkingCommand = ParkEvent | UnparkEvent
