import type { Scenario, Subject } from './scenario.js'

/** In the order in which they take turns. */
export const subjectsOf = ({ floor, subjects, peers = [] }: Scenario): readonly Subject[] => [
  floor,
  ...subjects,
  ...peers,
]

export const roleOf = ({ floor, peers = [] }: Scenario, subject: Subject): Role =>
  subject === floor ? 'floor' : peers.includes(subject) ? 'peer' : 'ours'

export type Role = 'floor' | 'ours' | 'peer'
