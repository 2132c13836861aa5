/** The reactions that every inbox has, each in a file of its own. */
import type { Crm } from '@threadbook/core'
import { bulkEnds } from './bulk-ends.js'
import { contactEnds, heldAfterErasure } from './contact-ends.js'
import { crmContacts } from './crm-contacts.js'
import { crmTasks } from './crm-tasks.js'
import { crmTimeline } from './crm-timeline.js'
import { historyByMail } from './history-by-mail.js'
import type { InboxReaction } from './reaction.js'
import { handOver, routing, workCounted, workCountedAnew } from './routing.js'
import { ownerRemoved, teamDeleted, unassignedFromRemoved } from './owner-removed.js'
import { viewCounts } from './view-counts.js'

export const builtIn: readonly InboxReaction[] = [
  ownerRemoved,
  teamDeleted,
  unassignedFromRemoved,
  routing,
  workCounted,
  workCountedAnew,
  handOver,
  contactEnds,
  heldAfterErasure,
  historyByMail,
  bulkEnds,
  viewCounts,
]

/** Those of an inbox that a CRM is connected to. */
export const forCrm = (crm: Crm | undefined): readonly InboxReaction[] =>
  crm === undefined ? [] : [crmTasks(crm), crmTimeline(crm), crmContacts(crm)]
