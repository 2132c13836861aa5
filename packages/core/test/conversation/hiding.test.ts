import { describe, it } from '@jest/globals'
import { by } from '@threadbook/core/testing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'
import * as o from './outgoing-fixtures.js'

const open = [a.started, a.received()]
const hiddenByAda = [...open, by('user:ada', a.hidden())]

describe('hiding a message', () => {
  it('S-093 hides it', () =>
    given(...open)
      .when(a.hide())
      .then(a.hidden()))

  it('S-093 hides one that went out', () =>
    given(...open, a.sent())
      .when(a.hide('enterprise', 'answer'))
      .then(a.hidden('answer')))

  it('D-10 hides the note of a forward, and shows it again', () => {
    given(...open, o.forwarded())
      .when(a.hide('enterprise', 'forward'))
      .then(a.hidden('forward'))
    const hidden = given(...open, o.forwarded(), by('user:ada', a.hidden('forward')))
    hidden.when(a.hide('enterprise', 'forward')).thenNothing()
    hidden.when({ ...a.unhide('user:ada'), messageId: 'forward' }).then(a.unhidden('forward'))
    hidden
      .when({ ...a.unhide('user:bo'), messageId: 'forward' })
      .thenRefused('NotAllowedToUnhide', { hiddenBy: 'user:ada' })
    given(...open, o.transcriptSent())
      .when(a.hide('enterprise', 'transcript'))
      .thenRefused('NoSuchMessage')
  })

  it.each(['free', 'starter', 'professional'] as const)(
    'S-005 needs Enterprise, not %s',
    (edition) =>
      given(...open)
        .when(a.hide(edition))
        .thenRefused('NeedsEdition', { capability: 'hideMessages', edition: 'enterprise' }),
  )

  it('changes nothing the second time', () =>
    given(...hiddenByAda)
      .when(a.hide())
      .thenNothing())

  it('needs a message', () =>
    given(...open)
      .when(a.hide('enterprise', 'nothing'))
      .thenRefused('NoSuchMessage'))
})

describe('unhiding a message', () => {
  it('S-096 S-105 is for the user who hid it', () =>
    given(...hiddenByAda)
      .when(a.unhide('user:ada'))
      .then(a.unhidden()))

  it('S-096 D-29 is for super admins', () =>
    given(...hiddenByAda)
      .when(a.unhide('user:bo', { superAdmin: true }))
      .then(a.unhidden()))

  it('S-096 is for nobody else', () =>
    given(...hiddenByAda)
      .when(a.unhide('user:bo'))
      .thenRefused('NotAllowedToUnhide', { hiddenBy: 'user:ada' }))

  it('D-10 is for super admins only once the hider is removed', () => {
    given(...hiddenByAda)
      .when(a.unhide('user:ada', { removed: true }))
      .thenRefused('NotAllowedToUnhide')
    given(...hiddenByAda)
      .when(a.unhide('user:bo', { removed: true, superAdmin: true }))
      .then(a.unhidden())
  })

  it('S-096 is for the one who hid it last', () =>
    given(...hiddenByAda, a.unhidden(), by('user:bo', a.hidden()))
      .when(a.unhide('user:ada'))
      .thenRefused('NotAllowedToUnhide', { hiddenBy: 'user:bo' }))

  it('changes nothing where nothing is hidden', () =>
    given(...open)
      .when(a.unhide('user:bo'))
      .thenNothing())

  it('needs a message', () =>
    given(...open)
      .when(a.unhide('user:ada', {}, 'nothing'))
      .thenRefused('NoSuchMessage'))
})
