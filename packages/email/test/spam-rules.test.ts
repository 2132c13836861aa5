import { describe, expect, it } from '@jest/globals'
import { roleBasedLocalParts, type MailClass, type SpamCause } from '@threadbook/core'
import { judgeSpam, teamMail, type SpamFacts } from '@threadbook/email'
import * as fc from 'fast-check'

type Judged = Parameters<typeof judgeSpam>[0]

const team = 'support@example.com'
const mail = (more: Partial<Judged> & { readonly sender?: string } = {}): Judged => {
  const { sender = 'bo@example.org', ...rest } = more
  return {
    from: { address: sender },
    to: [{ address: team }],
    kind: 'personal',
    bulk: false,
    hasSubscriptionLink: false,
    ...rest,
  }
}
const bulk = mail({ kind: 'bulk', bulk: true })
const newsletter = mail({ kind: 'bulk', bulk: true, hasSubscriptionLink: true })
const absenceNote = mail({ kind: 'automatic' })
const bounce = mail({ kind: 'bounce' })
const roleBased = mail({ sender: 'No-Reply@example.org' })
const toItself = mail({ sender: team })

const on = { automated: 'on', marketing: 'on', subscriptionLink: 'on', roleBased: 'on' } as const
const stranger: SpamFacts = {
  existingContact: false,
  teamAddresses: [team],
  rules: on,
  roleBasedLocalParts: new Set(roleBasedLocalParts),
}
const contact: SpamFacts = { ...stranger, existingContact: true }

const causeOf = (judged: Judged, facts: SpamFacts): SpamCause | undefined => {
  const verdict = judgeSpam(judged, facts)
  return verdict.spam ? verdict.cause : undefined
}

describe('K-01 role-based addresses', () => {
  it('K-01 are 43 local parts', () => {
    expect(new Set(roleBasedLocalParts).size).toBe(43)
  })

  it.each(roleBasedLocalParts)('K-01 S-039 filters %s@', (localPart) => {
    expect(causeOf(mail({ sender: `${localPart}@example.org` }), stranger)).toBe('roleBasedSender')
  })

  it.each([
    ['whatever the case', 'NoReply@example.org', 'roleBasedSender'],
    ['with a plus token', 'noreply+7@example.org', 'roleBasedSender'],
    ['but no longer name', 'sales.bo@example.org', undefined],
    ['and no domain', 'bo@sales.example.org', undefined],
  ])('K-01 %s', (_, sender, cause) => {
    expect(causeOf(mail({ sender }), stranger)).toBe(cause)
  })

  it('K-01 are extended by the inbox', () => {
    const facts = { ...stranger, roleBasedLocalParts: new Set(['robot']) }
    expect(causeOf(mail({ sender: 'robot@example.org' }), facts)).toBe('roleBasedSender')
    expect(causeOf(roleBased, facts)).toBeUndefined()
  })
})

describe('K-02 the spam rules', () => {
  it.each([
    ['automated', absenceNote, 'automatedResponse'],
    ['automated', bounce, 'bounce'],
    ['marketing', bulk, 'marketing'],
    ['subscriptionLink', mail({ hasSubscriptionLink: true }), 'subscriptionLink'],
    ['roleBased', roleBased, 'roleBasedSender'],
  ] as const)('K-02 %s gives its cause, and can be switched off', (rule, judged, cause) => {
    expect(causeOf(judged, stranger)).toBe(cause)
    expect(causeOf(judged, { ...stranger, rules: { ...on, [rule]: 'off' } })).toBeUndefined()
  })

  it('K-02 let a personal mail of a stranger through', () => {
    expect(judgeSpam(mail(), stranger)).toEqual({ spam: false })
    const { to, kind, bulk, hasSubscriptionLink } = mail()
    const senderless = { to, kind, bulk, hasSubscriptionLink }
    expect(judgeSpam(senderless, stranger)).toEqual({ spam: false })
  })

  it('K-02 the narrower rule names the cause; with it off, the other one does', () => {
    expect(causeOf(newsletter, stranger)).toBe('subscriptionLink')
    const rules = { ...on, subscriptionLink: 'off' } as const
    expect(causeOf(newsletter, { ...stranger, rules })).toBe('marketing')
  })

  it('K-02 a newsletter that is marked automatic, too, stays marketing with automated off', () => {
    const rules = { ...on, automated: 'off' } as const
    expect(causeOf({ ...bulk, kind: 'automatic' }, { ...stranger, rules })).toBe('marketing')
  })
})

describe('K-06 the team itself', () => {
  it('K-06 filters mail from the team address to itself', () => {
    expect(causeOf(toItself, stranger)).toBe('teamToItself')
    expect(causeOf(toItself, contact)).toBe('teamToItself')
    expect(causeOf(toItself, { ...stranger, addressPolicy: 'allowed' })).toBeUndefined()
  })

  it.each([
    ['toItself', 'Support@Example.com', ['bo@example.org', 'support+token@example.com']],
    ['sentOut', team, ['bo@example.org']],
    ['sentOut', team, []],
    [undefined, 'bo@example.org', [team]],
    [undefined, undefined, [team]],
  ])('K-06 tells %s', (told, from, to) => {
    const judged = {
      ...(from !== undefined && { from: { address: from } }),
      to: to.map((address) => ({ address })),
    }
    expect(teamMail(judged, [team])).toBe(told)
  })
})

describe('K-07 existing contacts', () => {
  it.each([
    ['marketing', bulk],
    ['a subscription link', newsletter],
    ['a role-based address', roleBased],
  ])('K-07 D-18 are spared for %s', (_, judged) => {
    expect(judgeSpam(judged, contact)).toEqual({ spam: false })
  })

  it.each([
    ['automatedResponse', absenceNote],
    ['bounce', bounce],
  ])('K-07 but not for %s', (cause, judged) => {
    expect(causeOf(judged, contact)).toBe(cause)
  })

  it('D-18 S-039 are not spared from a role-based address where the inbox says always', () => {
    const rules = { ...on, roleBased: 'always' } as const
    expect(causeOf(roleBased, { ...contact, rules })).toBe('roleBasedSender')
    expect(causeOf(roleBased, { ...contact, rules, addressPolicy: 'allowed' })).toBeUndefined()
  })
})

describe('D-08 K-03 precedence', () => {
  it.each([
    ['a blocked address', { addressPolicy: 'blocked', domainPolicy: 'allowed' }, 'blockedSender'],
    ['a denied address', { addressPolicy: 'denied', domainPolicy: 'allowed' }, 'deniedSender'],
    ['an allowed address', { addressPolicy: 'allowed', domainPolicy: 'blocked' }, undefined],
    ['a blocked domain', { domainPolicy: 'blocked' }, 'blockedDomain'],
    ['a denied domain', { domainPolicy: 'denied' }, 'deniedDomain'],
    ['an allowed domain', { domainPolicy: 'allowed' }, undefined],
    ['nothing', {}, undefined],
  ] as const)('D-08 %s decides about a contact', (_, policies, cause) => {
    expect(causeOf(mail(), { ...contact, ...policies })).toBe(cause)
  })

  const policy = fc.constantFrom('blocked', 'denied', 'allowed', undefined)
  const anySwitch = fc.constantFrom('on', 'off')
  const anyFacts: fc.Arbitrary<SpamFacts> = fc.record({
    addressPolicy: policy,
    domainPolicy: policy,
    existingContact: fc.boolean(),
    teamAddresses: fc.constantFrom([], [team]),
    rules: fc.record({
      automated: anySwitch,
      marketing: anySwitch,
      subscriptionLink: anySwitch,
      roleBased: fc.constantFrom('on', 'off', 'always'),
    }),
    roleBasedLocalParts: fc.constant(new Set(roleBasedLocalParts)),
  })
  const anyMail: fc.Arbitrary<Judged> = fc
    .record({
      sender: fc.constantFrom('bo@example.org', 'sales@example.org', team),
      kind: fc.constantFrom<MailClass>('personal', 'automatic', 'bulk', 'bounce'),
      isBulk: fc.boolean(),
      hasSubscriptionLink: fc.boolean(),
    })
    .map(({ isBulk, ...rest }) => mail({ ...rest, bulk: isBulk || rest.kind === 'bulk' }))
  const holds = (law: (judged: Judged, facts: SpamFacts) => boolean) => () =>
    fc.assert(fc.property(anyMail, anyFacts, law))

  it(
    'K-03 allowed is never spam, blocked and denied always are',
    holds((judged, facts) => {
      const { spam } = judgeSpam(judged, facts)
      const standing = facts.addressPolicy ?? facts.domainPolicy
      return standing === undefined || spam === (standing !== 'allowed')
    }),
  )

  it(
    'D-08 the domain says nothing where the address does',
    holds((judged, facts) => {
      const { addressPolicy } = facts
      if (addressPolicy === undefined) return true
      const without = judgeSpam(judged, { ...facts, domainPolicy: undefined })
      return JSON.stringify(judgeSpam(judged, facts)) === JSON.stringify(without)
    }),
  )

  it(
    'K-07 being a contact never makes a mail spam',
    holds((judged, facts) => {
      const asContact = judgeSpam(judged, { ...facts, existingContact: true })
      return !asContact.spam || judgeSpam(judged, { ...facts, existingContact: false }).spam
    }),
  )

  it(
    'K-02 switching a rule off never makes a mail spam',
    holds((judged, facts) =>
      (['automated', 'marketing', 'subscriptionLink', 'roleBased'] as const).every((rule) => {
        const off = judgeSpam(judged, { ...facts, rules: { ...facts.rules, [rule]: 'off' } })
        return !off.spam || judgeSpam(judged, facts).spam
      }),
    ),
  )
})
