import { expect, it } from '@jest/globals'
import { inMemoryDelivery } from '@threadbook/inbox/testing'
import { answeringByMail, bySmtp, composingWithAFile } from './answering-by-mail.js'

const mail = Buffer.from(
  [
    'From: Bo Ek <bo@mail.example>',
    'To: support@example.com',
    'Subject: Where is my order?',
    '',
    'Where?',
  ].join('\r\n'),
)

it('S-064 K-20 sends an answer, and says what became of it', async () => {
  const delivery = inMemoryDelivery()
  expect(await answeringByMail(mail, delivery)).toEqual([undefined, 'sent'])
  expect(delivery.taken).toMatchObject([
    {
      to: [{ name: 'Bo Ek', address: 'bo@mail.example' }],
      subject: 'Re: Where is my order?',
      text: 'It is on its way.',
    },
  ])
})

it('S-046 sends a mail with a file to somebody new', async () => {
  const delivery = inMemoryDelivery()
  await composingWithAFile(Buffer.from('a plan'), delivery)
  expect(delivery.taken).toMatchObject([
    { kind: 'composed', subject: 'The plan', attachments: [{ name: 'plan.pdf', size: 6 }] },
  ])
})

it('goes by SMTP, mentions too', () =>
  expect(bySmtp('secret').routes).toEqual(['email', 'notification']))
