import { expect, it } from '@jest/globals'
import { onEveryStore } from '../test/stores.js'
import { firstProgram } from './first-program.js'

const mail = `From: Bo Ek <bo@example.com>
To: support@example.com
Subject: Where is my order?

It should have come on Monday.
`

onEveryStore(({ place }) => {
  it('the first program finds the conversation among those that are mine', async () => {
    const { open } = await place()
    expect(await firstProgram(mail, open())).toMatchObject({
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
})
