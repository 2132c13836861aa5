import { accountRequests, accounts } from './account/index.js'
import { contactInnerRequests, contactRequests, contacts } from './contact/index.js'
import { autoReplies, autoReplyRequests } from './auto-reply/index.js'
import {
  bulkOperationInnerRequests,
  bulkOperationRequests,
  bulkOperations,
} from './bulk-operation/index.js'
import {
  conversationInnerRequests,
  conversationRequests,
  conversations,
} from './conversation/index.js'
import { identityClaimRequests, identityClaims } from './identity-claim/index.js'
import { inboxes, inboxRequests } from './inbox/index.js'
import { messageClaimRequests, messageClaims } from './message-claim/index.js'
import { parkingRequests, parkings } from './parking/index.js'
import { readStateRequests, readStates } from './read-state/index.js'
import { routingRequests } from './routing/index.js'
import { senderPolicies, senderPolicyRequests } from './sender-policy/index.js'
import { teamRequests, teams } from './team/index.js'
import { userRequests, users } from './user/index.js'
import { customViews, viewRequests } from './view/index.js'
import { workloadRequests, workloads } from './workload/index.js'

/**
 * Every kind of stream by the name of its category: what can be asked of it from outside, and what
 * only the front door asks (`inner`). Whoever adds a kind names it here, and only here.
 */
export const kinds = {
  conversation: {
    category: conversations,
    requests: conversationRequests,
    inner: conversationInnerRequests,
  },
  message: { category: messageClaims, requests: [], inner: messageClaimRequests },
  identity: { category: identityClaims, requests: [], inner: identityClaimRequests },
  autoReply: { category: autoReplies, requests: [], inner: autoReplyRequests },
  contact: { category: contacts, requests: contactRequests, inner: contactInnerRequests },
  user: { category: users, requests: userRequests, inner: [] },
  team: { category: teams, requests: teamRequests, inner: [] },
  workload: { category: workloads, requests: routingRequests, inner: workloadRequests },
  account: { category: accounts, requests: accountRequests, inner: [] },
  inbox: { category: inboxes, requests: inboxRequests, inner: [] },
  parking: { category: parkings, requests: [], inner: parkingRequests },
  bulkOperation: {
    category: bulkOperations,
    requests: bulkOperationRequests,
    inner: bulkOperationInnerRequests,
  },
  view: { category: customViews, requests: viewRequests, inner: [] },
  readState: { category: readStates, requests: readStateRequests, inner: [] },
  senderPolicy: { category: senderPolicies, requests: senderPolicyRequests, inner: [] },
} as const
export type Kinds = typeof kinds
