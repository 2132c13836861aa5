import { expect, it } from '@jest/globals'
import { aWorkingDay } from './a-working-day.js'

it('a working day goes as it should', async () => {
  const printed: string[] = []
  await aWorkingDay((line) => printed.push(line))
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
