/** What was purged is gone from every file that the library keeps (S-042, S-109). */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import Driver from 'better-sqlite3'
import { comment, conversations, eraseContact, purge, reply, trash, user } from '@threadbook/core'
import { isErased, isSealedData, unseal, unsealBytes } from '@threadbook/sourcing'
import { sqlite } from '@threadbook/sqlite'
import { folder } from './fixtures/folder.js'
import { expectRebuilt } from './fixtures/rebuild.js'
import { openSupport, right, type Support } from './fixtures/support.js'

const at = folder()
const database = join(at, 'support.db')
const ada = user('ada')

/** Words that stand nowhere else. */
const marker = {
  subject: 'Quibbleforth',
  body: 'Zyxomatic',
  longBody: 'Wumpelstein',
  name: 'Xanthippe Vrobel',
  address: 'xanthippe.vrobel',
  domain: 'vrobelworks',
  copied: 'Ottokar Pfnuer',
  copiedAddress: 'pfnuer.ottokar',
  messageId: 'kjzqwv0815',
  attachment: 'Hxmbrgkrtzl',
  attachmentName: 'secretplumbus',
  contentId: 'jflmnopqrx',
  reply: 'Bxtrglmpf',
  comment: 'Gnorpwattle',
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const mail = (body: string) =>
  [
    `From: "${marker.name}" <${marker.address}@${marker.domain}.example>`,
    'To: support@example.com',
    `Cc: "${marker.copied}" <${marker.copiedAddress}@${marker.domain}.example>`,
    `Subject: About ${marker.subject}`,
    `Message-ID: <${marker.messageId}@${marker.domain}.example>`,
    'Content-Type: multipart/mixed; boundary=edge',
    '',
    '--edge',
    '',
    body,
    '--edge',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    `Content-ID: <${marker.contentId}@${marker.domain}.example>`,
    `Content-Disposition: attachment; filename="${marker.attachmentName}.bin"`,
    '',
    base64(marker.attachment.repeat(20)),
    '--edge--',
    '',
  ].join('\n')

/** The text in the encodings that a file may hold it in; base64 at each of its three alignments. */
const traces = (text: string): readonly (readonly [string, Buffer])[] => [
  ['plain', Buffer.from(text)],
  ['UTF-16', Buffer.from(text, 'utf16le')],
  ['hex', Buffer.from(Buffer.from(text).toString('hex'))],
  ...[0, 1, 2].map((shift) => {
    const shifted = base64(`${'.'.repeat(shift)}${text}`)
    // The signs at both ends also hold bits of what stands beside the text.
    const from = shift === 0 ? 0 : shift + 1
    const bits = (shift + text.length) * 8
    return [
      `base64 ${String(shift)}`,
      Buffer.from(shifted.slice(from, Math.floor(bits / 6))),
    ] as const
  }),
]

const files = (): readonly string[] =>
  readdirSync(at, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))

/** Where the bytes stand: file names. */
const filesWith = (bytes: Uint8Array): readonly string[] =>
  files().filter((file) => readFileSync(join(at, file)).includes(Buffer.from(bytes)))

const found = (): readonly string[] =>
  Object.entries(marker).flatMap(([what, text]) =>
    traces(text).flatMap(([encoding, bytes]) =>
      filesWith(bytes).map((file) => `${what} (${encoding}) in ${file}`),
    ),
  )

/** As an operator does it, with the library's own connections open. */
const vacuum = () => {
  for (const file of files().filter((name) => name.endsWith('.db'))) {
    const driver = new Driver(join(at, file), { timeout: 5_000 })
    driver.exec('VACUUM')
    driver.pragma('wal_checkpoint(TRUNCATE)')
    driver.close()
  }
}

let support: Support
let conversationId: string
let contact: string
let key: Uint8Array
let keyId: string
let blobs: readonly string[]

beforeAll(async () => {
  support = await openSupport(await sqlite(database))
  ;({ conversationId } = await support.receiveRaw(mail(`Please ${marker.body} at once.`)))
  await support.receive(
    {
      From: `${marker.address}@${marker.domain}.example`,
      'In-Reply-To': `<${marker.messageId}@${marker.domain}.example>`,
      Subject: `Re: ${marker.subject}`,
    },
    `${marker.longBody} `.repeat(20_000),
  )
  await support.ask(reply({ conversationId, text: `Dear ${marker.reply}`, actor: ada }))
  await support.ask(comment({ conversationId, text: `mind the ${marker.comment}`, actor: ada }))
  await support.receive({ Subject: 'Another matter' })
  const events = await support.stream(conversations.category, conversationId)
  const started = events[0]!.data as { key: string; contact: string }
  ;({ key: keyId, contact } = started)
  key = right(await support.adapters.vault.read([keyId])()).get(keyId)!
  blobs = events.flatMap(({ data }) => {
    const { attachments = [], body } = data as { attachments?: { blob: string }[]; body?: string }
    return [...attachments.map(({ blob }) => blob), ...(body === undefined ? [] : [body])]
  })
})
afterAll(() => support.inbox.close())

describe('before it is purged', () => {
  it('shows by what is not sealed that a trace would be found', () => {
    expect(traces('support').map(([, bytes]) => bytes.length)).not.toContain(0)
    expect(filesWith(Buffer.from('support'))).not.toEqual([])
    expect(filesWith(key)).not.toEqual([])
    const kept = `${'x'.repeat(1)}${marker.subject} and more`
    expect(base64(kept)).toContain(traces(marker.subject)[4]![1].toString())
  })

  it('is readable by those who have the key, and by nobody who only has the files', async () => {
    const page = right(await support.inbox.views.list('email'))
    expect(page.items.map(({ subject }) => subject)).toContain(`About ${marker.subject}`)
    expect(blobs).toHaveLength(2)
    expect(found()).toEqual([])
  })
})

describe('after it is purged', () => {
  const backup = join(at, 'backup')
  const copyTo = (names: readonly string[]) => {
    mkdirSync(backup, { recursive: true })
    for (const name of names) copyFileSync(join(at, name), join(backup, name))
  }
  const isKeys = (name: string) => name.includes('.keys.db')

  /** All that can be opened of the backup's log and blobs with the keys there are now. */
  const readableInBackup = async (): Promise<string> => {
    copyTo(files().filter(isKeys))
    const adapters = await sqlite(join(backup, 'support.db'))
    const { events } = right(await adapters.store.readAll({ limit: 10_000 })())
    expect(events.map(({ type }) => type)).not.toContain('Purged')
    const ids = new Set<string>()
    JSON.stringify(events, (name, value: unknown) => {
      if ((name === 'k' || name === 'key') && typeof value === 'string') ids.add(value)
      return value
    })
    const keys = right(await adapters.vault.read(ids)())
    const texts: string[] = [JSON.stringify(events)]
    for (const { id, data } of events) {
      const open = (value: unknown, path: string): void => {
        if (typeof value !== 'object' || value === null) return
        if (isSealedData(value)) {
          const text = unseal({ ...value, e: id, p: path }, keys)
          if (!isErased(text)) texts.push(JSON.stringify(text))
        } else
          for (const [name, part] of Object.entries(value))
            open(part, path === '' ? name : `${path}.${name}`)
      }
      open(data, '')
    }
    for (const blob of blobs) {
      const bytes = right(await adapters.blobs.get(blob)())!
      for (const each of keys.values())
        try {
          texts.push(Buffer.from(unsealBytes(bytes, blob, each)).toString())
        } catch {
          // Not with this key.
        }
    }
    await adapters.close()
    return texts.join('\n')
  }
  const readable = (text: string): readonly string[] =>
    Object.entries(marker).flatMap(([what, word]) => (text.includes(word) ? [what] : []))

  beforeAll(async () => {
    copyTo(files().filter((name) => !isKeys(name)))
    // With its keys, the backup holds all of it: what is missing later was destroyed.
    expect(readable(await readableInBackup())).toEqual(Object.keys(marker))
    await support.ask(trash({ conversationId, actor: ada }))
    await support.ask(purge({ conversationId, actor: ada }))
  })

  it('has its key in no file as soon as the command is answered', async () => {
    expect(filesWith(key)).toEqual([])
    expect(right(await support.adapters.vault.read([keyId])()).size).toBe(0)
  })

  it('has its blobs in no file', async () => {
    for (const blob of blobs)
      expect(right(await support.adapters.blobs.get(blob)())).toBeUndefined()
  })

  it('leaves no trace of its words in any file, vacuumed or not', () => {
    expect(found()).toEqual([])
    vacuum()
    expect(files()).toContain('support.blobs.db')
    expect(found()).toEqual([])
    expect(filesWith(key)).toEqual([])
  })

  it('is in no view, and the log can be replayed', async () => {
    expect(await support.row(conversationId)).toBeUndefined()
    const { store } = support.adapters
    const events = right(await store.readAll({ limit: 10_000 })()).events
    expect(events.map(({ type }) => type)).toContain('Purged')
    const rows = await expectRebuilt(support.adapters)
    expect(rows.map((each) => each.key)).not.toContain(conversationId)
    expect(rows).toHaveLength(1)
  })

  it('cannot be read in an older backup with the keys of today', async () => {
    // Who wrote is a contact, and has a key of their own: it is there until they are erased.
    expect(readable(await readableInBackup())).toEqual(['name', 'address', 'domain'])
    await support.ask(eraseContact({ contactId: contact, actor: ada }))
    expect(readable(await readableInBackup())).toEqual([])
  })

  it('is received again neither as it was nor as an answer to it', async () => {
    const again = await support.receiveRaw(mail('once more'))
    expect(again).toMatchObject({ outcome: 'duplicate', conversationId })
    expect(await support.conversations()).toBe(1)
  })
})
