/** The texts that begin with a prefix, as a range in the order of their bytes. */
export interface TextRange {
  readonly from: string
  /** Exclusive; undefined where nothing is beyond. */
  readonly below: string | undefined
}

const LAST = 0x10ffff
const FIRST_SURROGATE = 0xd800
const AFTER_SURROGATES = 0xe000

export const textsBeginningWith = (prefix: string): TextRange => {
  const points = Array.from(prefix, (sign) => sign.codePointAt(0)!)
  while (points.at(-1) === LAST) points.pop()
  const last = points.pop()
  if (last === undefined) return { from: prefix, below: undefined }
  const next = last + 1 === FIRST_SURROGATE ? AFTER_SURROGATES : last + 1
  return { from: prefix, below: String.fromCodePoint(...points, next) }
}
