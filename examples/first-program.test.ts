import { expect, it } from '@jest/globals'
import { firstProgram } from './first-program.js'

const mail = `From: Bo Ek <bo@example.com>
To: support@example.com
Subject: Where is my order?

It should have come on Monday.
`

it('the first program finds the conversation among those that are mine', async () => {
  expect(await firstProgram(':memory:', mail)).toMatchObject({
    right: {
      items: [
        {
          contact: { name: 'Bo Ek', address: 'bo@example.com' },
          subject: 'Where is my order?',
          preview: 'It should have come on Monday.',
          owner: 'user:ada',
          status: 'open',
        },
      ],
    },
  })
})
