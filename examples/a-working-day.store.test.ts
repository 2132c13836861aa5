import { expect, it } from '@jest/globals'
import { onEveryStore } from '../test/stores.js'
import { aWorkingDay } from './a-working-day.js'

onEveryStore(({ place }) => {
  it('a working day goes as it should', async () => {
    const printed: string[] = []
    const { open } = await place()
    await aWorkingDay((line) => printed.push(line), open)
    expect(printed).toEqual([
      'duplicate',
      'ConversationNotInTrash',
      'accepted, repeated',
      '{"name":"Bo Ek","subject":"Where is my order?","preview":"It is on its way."}',
      "0 of Ada's are open",
      '1 is open again',
      'message by contact',
      'comment by user:bea',
      'message by user:ada',
      'comment by user:bea',
      'message by contact',
      '1 purged',
      'gone for good',
    ])
  })
})
