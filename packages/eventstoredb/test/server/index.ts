export { EventLog } from './log.js'
export { accessDenied, notLeader, notReady, Refusal } from './messages.js'
export { startRelay, type Relay } from './relay.js'
export { startServer, type SmallServer } from './server.js'
