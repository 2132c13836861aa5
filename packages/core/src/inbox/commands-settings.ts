/** How an inbox is set up: who works in it, when, and whom its conversations go to. */
import { WorkingHours } from '../hours/working-hours.js'
import { asking, request, type RequestOf } from '../request.js'
import { Channel, Id } from '../vocabulary.js'
import { ChannelSettings, Members, Routing } from './events.js'

const inbox = { inboxId: Id }

/** The settings are replaced as a whole (S-008). */
const ChangeChannelSettings = request(
  'ChangeChannelSettings',
  { ...inbox, channel: Channel, settings: ChannelSettings },
  { address: Id },
)
export type ChangeChannelSettings = RequestOf<typeof ChangeChannelSettings>
export const changeChannelSettings = asking(ChangeChannelSettings)

/** K-15. */
const ChangeMembers = request('ChangeMembers', { ...inbox, members: Members })
type ChangeMembers = RequestOf<typeof ChangeMembers>
export const changeMembers = asking(ChangeMembers)

/** K-09. */
const ChangeRouting = request('ChangeRouting', { ...inbox, channel: Channel, routing: Routing })
type ChangeRouting = RequestOf<typeof ChangeRouting>
export const changeRouting = asking(ChangeRouting)

/** K-14; without hours it is always open. */
const ChangeInboxHours = request('ChangeInboxHours', inbox, { hours: WorkingHours })
type ChangeInboxHours = RequestOf<typeof ChangeInboxHours>
export const changeInboxHours = asking(ChangeInboxHours)

export const inboxSettingsRequests = [
  ChangeChannelSettings,
  ChangeMembers,
  ChangeRouting,
  ChangeInboxHours,
] as const

export type InboxSettingsCommand =
  ChangeChannelSettings | ChangeMembers | ChangeRouting | ChangeInboxHours
