import { timed, type Measured } from './scenario.js'

/** So many at once, each doing its operations one after another; all lanes warm up first. */
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
  const warmUp = Math.ceil(each / 10)
  await all(0, warmUp)
  await end()
  return timed(lanes * each, async () => {
    await all(warmUp, warmUp + each)
    await end()
  })
}
