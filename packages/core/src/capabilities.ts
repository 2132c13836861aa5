/** What an account may do by the edition it is subscribed to; what is not named here, all may (S-001). */
import type { Edition } from './vocabulary.js'

/** The lowest edition that has each. */
export const capabilities = {
  /** S-004. */
  customViews: 'professional',
  /** S-005. Unhiding needs none (D-10). */
  hideMessages: 'enterprise',
  /** S-006. */
  customObjects: 'enterprise',
  /** K-16. */
  moveConversations: 'professional',
} as const satisfies Readonly<Record<string, Edition>>

export type Capability = keyof typeof capabilities

const ranks: Readonly<Record<Edition, number>> = {
  free: 0,
  starter: 1,
  professional: 2,
  enterprise: 3,
}

export const capabilityAllowed = (capability: Capability, edition: Edition): boolean =>
  ranks[edition] >= ranks[capabilities[capability]]

export interface NeedsEdition {
  readonly type: 'NeedsEdition'
  readonly capability: Capability
  /** The lowest that has it. */
  readonly edition: Edition
}

export const needsEdition = (capability: Capability): NeedsEdition => ({
  type: 'NeedsEdition',
  capability,
  edition: capabilities[capability],
})
