/** Small cares about text that comes from strangers. */

/** At most `length` code units, never half of a surrogate pair. */
export const cutTo = (text: string, length: number): string => {
  if (text.length <= length) return text
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(length - 1))
  return text.slice(0, splitsPair ? length - 1 : length)
}

/** White space, control characters and those that turn the direction of writing, each run as one space. */
export const oneLine = (text: string): string =>
  // Most text is plain, and told to be so a good deal faster.
  /^[ -~]*$/.test(text)
    ? text.replace(/ {2,}/g, ' ').trim()
    : text.replace(/[\s\p{Cc}\u200b\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
