import { timed, type Measured } from './scenario.js'

/** So many operations a round, `times` in a row, after as many rounds to warm up. */
export const repeated = async (
  operations: number,
  times: number,
  round: () => Promise<void> | void,
): Promise<Measured> => {
  const rounds = async () => {
    for (let i = 0; i < times; i++) await round()
  }
  await rounds()
  return timed(operations * times, rounds)
}
