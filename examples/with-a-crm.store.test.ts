import { expect, it } from '@jest/globals'
import { inMemoryCrm } from '@threadbook/inbox/testing'
import { onEveryStore } from '../test/stores.js'
import { withACrm } from './with-a-crm.js'

onEveryStore(({ place }) => {
  it('S-053 S-061 S-086 a ticket and a deal come from a conversation', async () => {
    const printed: string[] = []
    const { open } = await place()
    await withACrm(inMemoryCrm(), (line) => printed.push(line), open)
    expect(printed).toEqual([
      'Broken lamp: open',
      'Ten lamps',
      'no feedback: none',
      'logged: 1',
      'while it is hidden: 0',
      'and again: 1',
      'closed',
    ])
  })
})
