/** A progress bar on a terminal; elsewhere a line now and then. Always on stderr. */
export interface Progress {
  readonly at: (done: number, total: number) => void
  readonly end: () => void
}

const WIDTH = 30

export const bar = (done: number, total: number): string => {
  const share = total === 0 ? 1 : done / total
  const full = Math.round(share * WIDTH)
  const numbers = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(Math.floor(share * 100)).padStart(3)} %  ${numbers}`
}

export const silent: Progress = { at: () => undefined, end: () => undefined }

export const progressOn = (stream: NodeJS.WriteStream, what: string): Progress => {
  let shown = -1
  return {
    at: (done, total) => {
      // A terminal shows each thousandth, a file each tenth.
      const step = Math.floor((total === 0 ? 1 : done / total) * (stream.isTTY ? 1000 : 10))
      if (step === shown) return
      shown = step
      stream.write(stream.isTTY ? `\r${what} ${bar(done, total)}` : `${what} ${bar(done, total)}\n`)
    },
    end: () => {
      if (stream.isTTY && shown >= 0) stream.write('\n')
    },
  }
}
