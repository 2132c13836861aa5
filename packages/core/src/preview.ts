const LONGEST = 140

/** The lines that are the writer's own; all of them where there are no others. */
const ownLines = (text: string): string => {
  const lines = text.split('\n').filter((line) => !line.startsWith('>'))
  return lines.some((line) => line.trim() !== '') ? lines.join(' ') : text
}

/** What a list shows of a text: its beginning on one line, quoted lines left out. */
export const previewOf = (text: string): string => {
  // Long mails are not read to their end for their first words.
  const line = ownLines(text.slice(0, 4_000)).replace(/\s+/g, ' ').trim()
  if (line.length <= LONGEST) return line
  const splitsPair = /[\uD800-\uDBFF]/.test(line.charAt(LONGEST - 2))
  return `${line.slice(0, splitsPair ? LONGEST - 2 : LONGEST - 1).trimEnd()}…`
}
