/** What a widget, a webhook or a telephony host brings, checked field by field. */
import { IsoTime, struct, type InvalidCommand } from '@threadbook/core'
import { invalid } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

const checked = <A>(name: string, is: (u: unknown) => u is A): t.Type<A> =>
  new t.Type(name, is, (u, c) => (is(u) ? t.success(u) : t.failure(u, c)), t.identity)

const textUpTo = (most: number) =>
  checked(
    `text of 1 to ${String(most)} characters`,
    (u): u is string => typeof u === 'string' && u.length >= 1 && u.length <= most,
  )

/** An id of the sender's system, or an address. */
const Short = textUpTo(500)
const Line = textUpTo(2_000)
/** What was written. */
const Text = checked(
  'text of 100000 characters at most',
  (u): u is string => typeof u === 'string' && u.length <= 100_000,
)
const Seconds = checked(
  'a whole number of seconds, 0 or more',
  (u): u is number => Number.isSafeInteger(u) && (u as number) >= 0,
)
const Address = checked(
  'an e-mail address',
  (u): u is string => typeof u === 'string' && /^[^\s@]{1,200}@[^\s@]{1,200}$/.test(u),
)
const PhoneNumber = checked(
  'a phone number, as +49 30 123456',
  (u): u is string => typeof u === 'string' && u.length <= 40 && /^[+\d][\d\s().-]*$/.test(u),
)
const Bytes = checked('bytes', (u): u is Uint8Array => u instanceof Uint8Array)

const File = struct('File', { name: Short, mimeType: Short, bytes: Bytes })
export type IncomingFile = t.TypeOf<typeof File>
const Files = t.readonlyArray(File)

/** When it happened, where that is not now; and whether it begins a conversation of its own. */
const always = { at: IsoTime, newConversation: t.literal(true) }

const Page = struct('Page', { url: Line }, { title: Line })

/** The bot that answers where the message begins a conversation, from its first moment on. */
const Chatflow = struct('Chatflow', { id: textUpTo(200), name: Short })

/** What a visitor wrote into a widget. `email` is one that the host knows to be theirs. */
export const ChatMessage = struct(
  'ChatMessage',
  { visitorId: Short, messageId: Short, text: Text },
  {
    name: Short,
    email: Address,
    widget: Short,
    page: Page,
    attachments: Files,
    chatflow: Chatflow,
    ...always,
  },
)
export type ChatMessage = t.TypeOf<typeof ChatMessage>

/** What somebody wrote to a Facebook page; the sender is known by an id of that page alone. */
export const MessengerMessage = struct(
  'MessengerMessage',
  { pageId: Short, senderId: Short, messageId: Short, text: Text },
  { name: Short, attachments: Files, chatflow: Chatflow, ...always },
)
export type MessengerMessage = t.TypeOf<typeof MessengerMessage>

const FormField = struct('FormField', { name: Short, value: Text }, { label: Line })
const Form = struct('Form', { id: Short }, { name: Line })

/** Each submission begins a conversation. */
export const FormSubmission = struct(
  'FormSubmission',
  { submissionId: Short, form: Form, fields: t.readonlyArray(FormField) },
  {
    email: Address,
    phone: PhoneNumber,
    name: Short,
    /** A line of the form's own for it, where it has one. */
    subject: Line,
    page: Page,
    attachments: Files,
    at: IsoTime,
  },
)
export type FormSubmission = t.TypeOf<typeof FormSubmission>

const Direction = t.keyof({ incoming: null, outgoing: null }, 'incoming or outgoing')
const CallOutcome = t.keyof(
  { answered: null, missed: null, voicemail: null, declined: null },
  'answered, missed, voicemail or declined',
)

/** A call that is over. `number` is the other end's, `line` the team's. */
export const Call = struct(
  'Call',
  {
    callId: Short,
    number: PhoneNumber,
    line: Short,
    direction: Direction,
    durationSeconds: Seconds,
  },
  {
    outcome: CallOutcome,
    name: Short,
    /** What was said, where somebody wrote it down. */
    transcript: Text,
    recording: File,
    ...always,
  },
)
export type Call = t.TypeOf<typeof Call>

/** Of one list of files: more than these are no message. */
const MOST_FILES = 20
const MOST_BYTES = 25 * 1024 * 1024

const filesOf = (u: unknown): readonly (readonly [field: string, file: IncomingFile])[] => {
  const { attachments = [], recording } = u as {
    attachments?: readonly IncomingFile[]
    recording?: IncomingFile
  }
  const listed = attachments.map((file, n) => [`attachments.${String(n)}`, file] as const)
  return recording === undefined ? listed : [...listed, ['recording', recording]]
}

const refused = (field: string, expected: string, found: string): E.Either<InvalidCommand, never> =>
  E.left({ type: 'InvalidCommand', field, expected, found })

/** The value, or which of its fields is wrong. */
export const decode =
  <A>(codec: t.Type<A>) =>
  (u: unknown): E.Either<InvalidCommand, A> => {
    const decoded = codec.decode(u)
    if (E.isLeft(decoded)) return E.left({ type: 'InvalidCommand', ...invalid(decoded.left) })
    const files = filesOf(decoded.right)
    if (files.length > MOST_FILES)
      return refused('attachments', `${String(MOST_FILES)} files at most`, String(files.length))
    let bytes = 0
    for (const [field, file] of files) {
      bytes += file.bytes.byteLength
      if (bytes > MOST_BYTES)
        return refused(
          field,
          `${String(MOST_BYTES)} bytes at most in all`,
          `${String(bytes)} bytes`,
        )
    }
    return decoded
  }
