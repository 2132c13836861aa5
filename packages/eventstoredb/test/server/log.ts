/** The log of a server of this kind, in memory, with what `recorded/` shows of its rules. */

/** What a tombstone stands at, and what a soft delete truncates before. */
const LAST_REVISION = 9_223_372_036_854_775_807n

export type Expected = 'any' | 'noStream' | 'streamExists' | number

export interface Proposed {
  readonly id: string
  readonly type: string
  readonly isJson: boolean
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

export interface LogRecord extends Proposed {
  readonly stream: string
  readonly revision: bigint
  readonly position: bigint
  /** In units of 100 ns since 1970. */
  readonly created: bigint
}

export type Outcome =
  /** `last` is -1 in a stream without events. */
  | { readonly type: 'written'; readonly last: number; readonly position: bigint | undefined }
  | { readonly type: 'wrongExpectedVersion'; readonly current: number }
  | { readonly type: 'deleted' }

export type Visible = 'absent' | 'deleted' | { readonly records: readonly LogRecord[] }

interface StreamMetadata {
  readonly $tb?: number
  readonly $maxCount?: number
}

const NOTHING = new Uint8Array()
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

export class EventLog {
  readonly records: LogRecord[] = []
  readonly #streams = new Map<string, LogRecord[]>()
  readonly #tombstones = new Set<string>()
  /** Where ids were stored last; only in memory, as the server keeps it. */
  #remembered = new Map<string, { readonly stream: string; readonly revision: number }>()
  readonly #listeners = new Set<() => void>()
  #position = 1_000n
  #ids = 0

  /** What a server that starts anew no longer knows. */
  restart(): void {
    this.#remembered = new Map()
  }

  /** Calls back at each write, until the answer is called. */
  onWrite(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  append(stream: string, expected: Expected, events: readonly Proposed[]): Outcome {
    const decision = this.#decide(
      stream,
      expected,
      events.map(({ id }) => id),
    )
    if (decision !== 'write') return decision
    const isSoftDeleted = this.#isSoftDeleted(stream)
    const first = this.#last(stream) + 1
    let position = this.#advance(0)
    for (const [index, event] of events.entries()) {
      position = this.#write(stream, BigInt(first + index), event)
      this.#remembered.set(event.id, { stream, revision: first + index })
    }
    if (isSoftDeleted) this.#truncateBefore(stream, String(first))
    this.#tellListeners()
    return { type: 'written', last: this.#last(stream), position }
  }

  softDelete(stream: string, expected: Expected): Outcome {
    const decision = this.#decide(stream, expected, [this.#freshId()])
    if (decision !== 'write') return decision
    const last = this.#last(stream)
    if (last < 0) return { type: 'wrongExpectedVersion', current: -1 }
    const position = this.#truncateBefore(stream, String(LAST_REVISION))
    this.#tellListeners()
    return { type: 'written', last, position }
  }

  tombstone(stream: string, expected: Expected): Outcome {
    const decision = this.#decide(stream, expected, [this.#freshId()])
    if (decision !== 'write') return decision
    const position = this.#write(stream, LAST_REVISION, {
      id: this.#freshId(),
      type: '$streamDeleted',
      isJson: false,
      data: NOTHING,
      metadata: NOTHING,
    })
    this.#tombstones.add(stream)
    this.#tellListeners()
    return { type: 'written', last: this.#last(stream), position }
  }

  read(stream: string): Visible {
    if (this.#tombstones.has(stream)) return 'deleted'
    const records = this.#streams.get(stream)
    if (records === undefined || this.#isSoftDeleted(stream)) return 'absent'
    const first = this.#firstVisible(stream)
    return { records: records.filter(({ revision }) => revision >= first) }
  }

  /** What stands in the way of a write, or is answered without one. */
  #decide(stream: string, expected: Expected, ids: readonly string[]): Outcome | 'write' {
    if (this.#tombstones.has(stream)) return { type: 'deleted' }
    const current = this.#last(stream)
    const wrong: Outcome = { type: 'wrongExpectedVersion', current }
    if (expected === 'streamExists') {
      if (this.#isSoftDeleted(stream)) return { type: 'deleted' }
      if (current < 0 && this.#last(`$$${stream}`) < 0) return wrong
    }
    if (expected === 'any' || expected === 'streamExists') {
      let last: number | undefined
      for (const [index, id] of ids.entries()) {
        const remembered = this.#remembered.get(id)
        if (remembered?.stream !== stream) return index === 0 ? 'write' : wrong
        last = remembered.revision
      }
      return last === undefined ? 'write' : this.#repeated(stream, last)
    }
    const before = expected === 'noStream' ? -1 : expected
    if (before > current) return wrong
    if (before === current) return 'write'
    const standing = this.#streams.get(stream) ?? []
    for (const [index, id] of ids.entries()) {
      if (standing[before + 1 + index]?.id === id) continue
      return index === 0 && expected === 'noStream' && this.#isSoftDeleted(stream) ? 'write' : wrong
    }
    return ids.length === 0 ? wrong : this.#repeated(stream, before + ids.length)
  }

  /** As it was answered the first time; what nobody can read any more has no position. */
  #repeated(stream: string, last: number): Outcome {
    const isVisible = !this.#isSoftDeleted(stream) && last >= this.#firstVisible(stream)
    const position = isVisible ? this.#streams.get(stream)?.[last]?.position : undefined
    return { type: 'written', last, position }
  }

  #last(stream: string): number {
    return (this.#streams.get(stream)?.length ?? 0) - 1
  }

  #metadata(stream: string): StreamMetadata {
    const data = this.#streams.get(`$$${stream}`)?.at(-1)?.data
    return data === undefined ? {} : (JSON.parse(new TextDecoder().decode(data)) as StreamMetadata)
  }

  #isSoftDeleted(stream: string): boolean {
    return (this.#metadata(stream).$tb ?? 0) >= Number(LAST_REVISION)
  }

  #firstVisible(stream: string): number {
    const { $tb = 0, $maxCount } = this.#metadata(stream)
    const kept = stream.startsWith('$$') ? 1 : $maxCount
    return kept === undefined ? $tb : Math.max($tb, this.#last(stream) + 1 - kept)
  }

  /** `before` as text: it may be larger than any exact number. */
  #truncateBefore(stream: string, before: string): bigint {
    const others = Object.entries(this.#metadata(stream)).filter(([name]) => name !== '$tb')
    const rest = JSON.stringify(Object.fromEntries(others)).slice(1, -1)
    return this.#write(`$$${stream}`, BigInt(this.#last(`$$${stream}`) + 1), {
      id: this.#freshId(),
      type: '$metadata',
      isJson: true,
      data: utf8(`{${rest === '' ? '' : `${rest},`}"$tb":${before}}`),
      metadata: NOTHING,
    })
  }

  #write(stream: string, revision: bigint, event: Proposed): bigint {
    const position = this.#advance(event.data.length + event.metadata.length)
    const created = BigInt(Date.now()) * 10_000n
    const record: LogRecord = { ...event, stream, revision, position, created }
    this.records.push(record)
    if (revision === LAST_REVISION) return position
    const standing = this.#streams.get(stream)
    if (standing === undefined) this.#streams.set(stream, [record])
    else standing.push(record)
    return position
  }

  /** Positions count bytes: neither consecutive nor told in advance. */
  #advance(bytes: number): bigint {
    const position = this.#position
    this.#position += BigInt(100 + bytes)
    return position
  }

  #freshId(): string {
    return `ffffffff-0000-4000-8000-${(++this.#ids).toString(16).padStart(12, '0')}`
  }

  #tellListeners(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
