/** For the front door alone; `userId` names the stream. */
import { asking, request, type RequestOf } from '../request.js'
import { Capacity } from '../user/commands-presence.js'
import { Id } from '../vocabulary.js'

const work = { userId: Id, conversation: Id }

/** With `most`, only below it; what somebody was given by hand is counted whatever there is. */
const TakeWork = request('TakeWork', work, { most: Capacity })
type TakeWork = RequestOf<typeof TakeWork>
export const takeWork = asking(TakeWork)

const ReleaseWork = request('ReleaseWork', work)
type ReleaseWork = RequestOf<typeof ReleaseWork>
export const releaseWork = asking(ReleaseWork)

export const workloadRequests = [TakeWork, ReleaseWork] as const

export type WorkloadCommand = TakeWork | ReleaseWork

export interface WorkloadRefusal {
  readonly type: 'AtCapacity'
  readonly most: number
}
