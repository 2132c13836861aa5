import { timed, type Measured } from './scenario.js'

/** Reading so many events, `times` in a row, after as many rounds to warm up. */
export const repeated = async (
  events: number,
  times: number,
  read: () => Promise<void> | void,
): Promise<Measured> => {
  const rounds = async () => {
    for (let i = 0; i < times; i++) await read()
  }
  await rounds()
  return timed(events * times, rounds)
}
