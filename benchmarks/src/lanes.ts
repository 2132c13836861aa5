import { timed, type Measured } from './scenario.js'

/** So many at once, each doing its operations one after another; all lanes do as many before, to warm up. */
export const inLanes = async (
  lanes: number,
  each: number,
  operation: (lane: number, index: number) => Promise<unknown>,
  end: () => Promise<unknown> = async () => undefined,
): Promise<Measured> => {
  const all = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        for (let index = from; index < to; index++) await operation(lane, index)
      }),
    )
  await all(0, each)
  await end()
  return timed(lanes * each, async () => {
    await all(each, 2 * each)
    await end()
  })
}
