import { describe, expect, it } from '@jest/globals'
import { at, clock, recordedAt } from '@threadbook/core/testing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'

const open = [a.started, a.received()]

describe('Spam', () => {
  it('S-077 S-083 is what somebody marks, this conversation alone', () =>
    given(...open)
      .when(a.markAsSpam())
      .then(a.marked('marked')))

  it('K-02 has a cause', () =>
    given(...open)
      .when(a.markAsSpam('blockedSender'))
      .then(a.marked('blockedSender')))

  it('keeps its first cause and its first day', () => {
    given(...open, a.marked())
      .when(a.markAsSpam('blockedSender'))
      .thenNothing()
    expect(
      given(...open, at('09:00', a.marked()), at('10:00', a.marked('blockedSender'))).state(),
    ).toMatchObject({ spam: { since: clock('09:00') } })
  })

  it('D-28 counts from when it was marked, never from a date', () => {
    expect(given(...open, recordedAt('12:00', at('09:00', a.marked()))).state()).toMatchObject({
      spam: { cause: 'marked', since: clock('12:00') },
    })
  })

  it('D-29 ends when somebody says that it is none, and the sender is a contact', () => {
    const stranger = [a.startedWith('email'), a.disassociated, a.received(), a.marked()]
    given(...stranger)
      .when(a.unmarkAsSpam('paul'))
      .then(a.unmarked, a.associated('paul'))
    given(...open, a.marked())
      .when(a.unmarkAsSpam('maria'))
      .then(a.unmarked)
    given(...open, a.marked())
      .when(a.unmarkAsSpam())
      .then(a.unmarked)
  })

  it('is not what was never marked', () =>
    given(...open)
      .when(a.unmarkAsSpam('paul'))
      .thenNothing())

  it('D-25 is marked in Trash too', () =>
    given(...open, a.trashed)
      .when(a.markAsSpam('blockedSender'))
      .then(a.marked('blockedSender')))

  it('S-102 leaves open or closed as it is', () => {
    expect(given(...open, a.closed, a.marked()).state()).toMatchObject({
      closed: {},
      spam: { cause: 'marked' },
    })
  })
})

describe('Trash', () => {
  it('S-077 takes a conversation', () =>
    given(...open)
      .when(a.trash)
      .then(a.trashed))

  it('D-06 takes it again, and the 30 days begin anew', () => {
    given(...open, a.trashed)
      .when(a.trash)
      .then(a.trashed)
    expect(given(...open, at('09:00', a.trashed), at('10:00', a.trashed)).state()).toMatchObject({
      trashed: { since: clock('10:00') },
    })
  })

  it('D-28 counts from the act', () => {
    expect(given(...open, recordedAt('12:00', at('09:00', a.trashed))).state()).toMatchObject({
      trashed: { since: clock('12:00') },
    })
  })

  it('S-041 gives back', () => {
    given(...open, a.trashed)
      .when(a.restore)
      .then(a.restored)
    given(...open)
      .when(a.restore)
      .thenNothing()
  })

  it.each([
    ['open', []],
    ['closed', [a.closed]],
    ['assigned', [a.assigned()]],
    ['spam', [a.marked()]],
    ['snoozed', [a.snoozed(clock('18:00'))]],
    ['held by a bot', [a.botTookOver()]],
    ['hidden', [a.hidden()]],
  ])('S-104 D-02 gives back what it was: %s', (_, events) => {
    const before = given(...open, ...events).state()
    expect(given(...open, ...events, a.trashed, a.restored).state()).toEqual(before)
  })

  it('D-25 gives back spam as spam', () => {
    expect(given(...open, a.trashed, a.marked(), a.restored).state()).toMatchObject({
      trashed: undefined,
      spam: { cause: 'marked' },
    })
  })

  it.each([
    ['commenting', a.comment()],
    ['assigning', a.assign()],
    ['a bot', a.takeOverByBot()],
    ['handing off', a.handOff()],
    ['closing', a.close],
    ['reopening', a.reopen],
    ['snoozing', a.snooze(clock('18:00'))],
  ])('S-040 is for looking, not for work: %s', (_, command) =>
    given(...open, a.trashed)
      .when(command)
      .thenRefused('ConversationInTrash'),
  )

  it.each([
    ['waking', [a.snoozed(clock('09:00'))], a.wake(), a.woken],
    ['a failed delivery', [a.sent()], a.failDelivery('answer'), a.failed('answer')],
    ['hiding', [], a.hide(), a.hidden()],
    ['not spam', [a.marked()], a.unmarkAsSpam(), a.unmarked],
    ['another contact', [], a.associate('paul'), a.associated('paul')],
    ['no contact', [], a.disassociate, a.disassociated],
  ])('D-01 leaves the other facts to go on: %s', (_, events, command, event) =>
    given(...open, ...events, a.trashed)
      .when(command)
      .then(event),
  )

  it('D-05 remembers the conversation that goes on instead', () => {
    given(...open, a.trashed)
      .when(a.continueIn('next'))
      .then(a.continued('next'))
    given(...open, a.trashed, a.continued('next'))
      .when(a.continueIn('next'))
      .thenNothing()
    given(...open, a.trashed, a.continued('next'))
      .when(a.continueIn('third'))
      .then(a.continued('third'))
  })

  it('goes on in another conversation, not in itself', () =>
    given(...open, a.trashed)
      .when(a.continueIn('conversation-1'))
      .thenRefused('InvalidCommand', {
        field: 'conversation',
        expected: 'another conversation',
        found: 'the conversation itself',
      }))
})

describe('purging', () => {
  it('S-042 D-15 is from Trash', () =>
    given(...open, a.trashed)
      .when(a.purge())
      .then(a.purged))

  it.each(['user:ada', 'integration:crm', 'bot:greeter'] as const)(
    'D-15 is from nowhere else by %s',
    (actor) =>
      given(...open, a.marked())
        .when(a.purge(actor, { erasure: true }))
        .thenRefused('ConversationNotInTrash'),
  )

  it('S-109 names the key and every blob', () => {
    const attachment = { blob: 'blob-1', size: 3, mimeType: 'text/plain', mac: 'm', name: {} }
    given(
      a.started,
      a.received('hello', { attachments: [attachment], body: 'blob-2' }),
      a.sent('answer', { attachments: [{ ...attachment, blob: 'blob-3' }] }),
      a.trashed,
    )
      .when(a.purge())
      .then(a.purgedWith(['blob-1', 'blob-2', 'blob-3']))
  })

  it.each([
    ['S-045 Trash', [a.trashed]],
    ['K-04 Spam', [a.marked()]],
    ['D-24 a merge into what is purged', [a.merged()]],
  ])('%s: by the system', (_, events) =>
    given(...open, ...events)
      .when(a.purge('system'))
      .then(a.purged),
  )

  it('D-15 is by the system where somebody is erased, from wherever it is', () => {
    given(...open)
      .when(a.purge('system', { erasure: true }))
      .then(a.purged)
    given(...open)
      .when(a.purge('system'))
      .thenRefused('ConversationNotInTrash')
  })

  it('changes nothing the second time', () =>
    given(...open, a.trashed, a.purged)
      .when(a.purge())
      .thenNothing())

  it('S-042 is for good', () => {
    for (const command of a.anyCommand.filter(({ type }) => type !== 'Purge'))
      given(...open, a.trashed, a.purged)
        .when(command)
        .thenRefused('NoSuchConversation', { situation: 'purged' })
  })
})

describe('a hold', () => {
  it('D-06 is placed once', () => {
    given(...open)
      .when(a.placeHold)
      .then(a.held)
    given(...open, a.held)
      .when(a.placeHold)
      .thenNothing()
  })

  it('D-06 is released', () => {
    given(...open, a.held)
      .when(a.releaseHold)
      .then(a.holdReleased)
    given(...open)
      .when(a.releaseHold)
      .thenNothing()
  })

  it.each([
    ['by a person', [a.trashed], a.purge()],
    ['by the 30 days', [a.trashed], a.purge('system')],
    ['by the 90 days', [a.marked()], a.purge('system')],
    ['by erasure', [], a.purge('system', { erasure: true })],
    ['with what it was merged into', [a.merged()], a.purge('system')],
  ])('D-06 stops every purge: %s', (_, events, command) =>
    given(...open, a.held, ...events)
      .when(command)
      .thenRefused('ConversationOnHold'),
  )

  it('D-06 stops nothing once released', () =>
    given(...open, a.held, a.trashed, a.holdReleased)
      .when(a.purge())
      .then(a.purged))
})

describe('merging', () => {
  it('D-24 goes into another', () =>
    given(...open)
      .when(a.mergeInto())
      .then(a.merged()))

  it('goes not into itself', () =>
    given(...open)
      .when(a.mergeInto('conversation-1'))
      .thenRefused('InvalidCommand', {
        field: 'target',
        expected: 'another conversation',
        found: 'the conversation itself',
      }))

  it('D-24 is told to the target, which keeps its sources', () => {
    given(...open)
      .when(a.absorb('younger'))
      .then(a.mergedFrom('younger'))
    given(...open, a.mergedFrom('younger'))
      .when(a.absorb('younger'))
      .thenNothing()
    expect(given(...open, a.mergedFrom('younger')).state()).toMatchObject({
      sources: new Set(['younger']),
    })
  })

  it('changes nothing the second time', () =>
    given(...open, a.merged())
      .when(a.mergeInto())
      .thenNothing())

  it('D-24 ends spam and trash', () => {
    expect(given(...open, a.marked(), a.trashed, a.merged()).state()).toMatchObject({
      spam: undefined,
      trashed: undefined,
      mergedInto: 'older',
    })
  })

  it.each([
    ['a failed delivery', a.failDelivery('answer'), a.failed('answer')],
    ['hiding', a.hide(), a.hidden()],
    ['unhiding', a.unhide('user:bo', { superAdmin: true }, 'answer'), a.unhidden('answer')],
  ])('D-24 leaves facts about messages to go on: %s', (_, command, event) =>
    given(...open, a.sent(), a.hidden('answer'), a.merged())
      .when(command)
      .then(event),
  )

  it('D-24 freezes everything else', () => {
    const goesOn = ['FailDelivery', 'HideMessage', 'UnhideMessage', 'Separate']
    for (const command of a.anyCommand.filter(({ type }) => !goesOn.includes(type)))
      given(...open, a.merged('elsewhere'))
        .when(command)
        .thenRefused('ConversationMerged', { target: 'elsewhere' })
  })
})

describe('undoing a merge', () => {
  const before = given(...open, a.labelled(), a.assigned()).state()

  it('D-24 gives the source back to itself', () => {
    given(...open, a.merged())
      .when(a.unmerge)
      .then(a.unmerged())
    expect(given(...open, a.labelled(), a.assigned(), a.merged(), a.unmerged()).state()).toEqual({
      ...before,
      apart: new Set(['older']),
    })
  })

  it('D-23 gives back the spam and the trash that the merge ended, their clocks set anew', () => {
    const state = given(
      at('09:00', a.started),
      a.received(),
      a.marked('marketing'),
      a.trashed,
      at('10:00', a.merged()),
      at('11:00', a.unmerged()),
    ).state()
    expect(state).toMatchObject({
      mergedInto: undefined,
      spam: { cause: 'marketing', since: clock('11:00') },
      trashed: { since: clock('11:00') },
    })
  })

  it('D-24 makes the target let its source go, whatever became of the target', () => {
    given(...open, a.mergedFrom('younger'))
      .when(a.separate('younger'))
      .then(a.unmergedFrom('younger'))
    given(...open, a.mergedFrom('younger'), a.merged('oldest'))
      .when(a.separate('younger'))
      .then(a.unmergedFrom('younger'))
    expect(given(...open, a.mergedFrom(), a.unmergedFrom()).state()).toMatchObject({
      sources: new Set(),
      apart: new Set(['younger']),
    })
  })

  it('changes nothing where there is none to undo', () => {
    given(...open)
      .when(a.unmerge)
      .thenNothing()
    given(...open, a.merged(), a.unmerged())
      .when(a.unmerge)
      .thenNothing()
    given(...open)
      .when(a.separate())
      .thenNothing()
  })
})

it('needs a conversation that is there', () => {
  for (const command of a.anyCommand)
    given().when(command).thenRefused('NoSuchConversation', { situation: 'absent' })
})
