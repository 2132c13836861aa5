import { cpus, totalmem } from 'node:os'

/** What it ran on, in a line. */
export const machine = (): string => {
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${memory} GiB, Node ${process.version}`
}
