import { describe, expect, it } from '@jest/globals'
import { capabilities, capabilityAllowed, needsEdition, type Capability } from '@threadbook/core'

const editions = ['free', 'starter', 'professional', 'enterprise'] as const

describe('an edition', () => {
  it.each<[rule: string, capability: Capability, from: (typeof editions)[number]]>([
    ['S-004 custom views', 'customViews', 'professional'],
    ['S-005 hiding messages', 'hideMessages', 'enterprise'],
    ['S-006 custom objects', 'customObjects', 'enterprise'],
    ['K-16 moving to another inbox', 'moveConversations', 'professional'],
  ])('%s needs it or a higher one, and a refusal names both', (_, capability, from) => {
    expect(editions.filter((each) => capabilityAllowed(capability, each))).toEqual(
      editions.slice(editions.indexOf(from)),
    )
    expect(needsEdition(capability)).toEqual({ type: 'NeedsEdition', capability, edition: from })
  })

  it('S-001 has all but what is named', () =>
    expect(Object.keys(capabilities).sort()).toEqual([
      'customObjects',
      'customViews',
      'hideMessages',
      'moveConversations',
    ]))
})
