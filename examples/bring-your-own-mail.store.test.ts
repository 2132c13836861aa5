import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from '@jest/globals'
import { onEveryStore } from '../test/stores.js'
import { bringYourOwnMail } from './bring-your-own-mail.js'

const mail = (id: string): string =>
  `From: Bo Ek <bo@example.com>\nTo: support@example.com\nMessage-ID: <${id}@example.com>\n\nHello\n`

onEveryStore(({ place }) => {
  it('mail of one’s own comes in once, and what is no mail is named', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'threadbook-example-'))
    const at = (name: string) => path.join(folder, name)
    try {
      fs.mkdirSync(at('mail'))
      fs.writeFileSync(at('mail/one.eml'), mail('one'))
      fs.writeFileSync(at('mail/two.eml'), mail('two'))
      fs.writeFileSync(at('mail/zero.eml'), '')
      const printed: string[] = []
      const { open } = await place()
      const run = async () =>
        bringYourOwnMail(await open(), [at('mail')], (line) => printed.push(line))
      await run()
      await run()
      expect(printed).toContain(`${at('mail/zero.eml')}: MailRejected`)
      expect(printed).toContain('3 of 3')
      expect(printed.filter((line) => line.includes(' read: '))).toEqual([
        '3 read: 2 new, 0 known, 1 rejected',
        '3 read: 0 new, 2 known, 1 rejected',
      ])
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })
})
