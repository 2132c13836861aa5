import { expect, it } from '@jest/globals'
import { together } from '../src/together.js'

/** Notes what was sent, and answers when it is told to. */
const sending = (most = 3) => {
  const sent: string[] = []
  const open: { readonly answer: () => void; readonly fail: (error: Error) => void }[] = []
  const ask = together<string, string>(
    async (questions) => {
      sent.push(questions.join(' '))
      await new Promise<void>((answer, fail) => open.push({ answer, fail }))
      return questions.map((question) => question.toUpperCase())
    },
    { most, fits: (question, others) => !others.includes(question) },
  )
  const until = async (count: number) => {
    while (sent.length < count) await new Promise((resolve) => setTimeout(resolve, 1))
    return open[count - 1]!
  }
  return { ask, sent, until }
}

it('sends at once what is asked for alone, and together what comes meanwhile, in its order', async () => {
  const { ask, sent, until } = sending()
  const first = ask('a')
  const one = await until(1)
  const others = ['b', 'c', 'd', 'e'].map(ask)
  one.answer()
  expect(await first).toBe('A')
  ;(await until(2)).answer()
  ;(await until(3)).answer()
  expect(await Promise.all(others)).toEqual(['B', 'C', 'D', 'E'])
  expect(sent).toEqual(['a', 'b c d', 'e'])
})

it('keeps apart what does not go together', async () => {
  const { ask, sent, until } = sending()
  const all = ['a', 'a', 'b', 'a'].map(ask)
  for (const count of [1, 2, 3]) (await until(count)).answer()
  expect(await Promise.all(all)).toEqual(['A', 'A', 'B', 'A'])
  expect(sent).toEqual(['a b', 'a', 'a'])
})

it('tells what failed to those who were in it, and goes on with the others', async () => {
  const { ask, until } = sending(2)
  const all = Promise.allSettled(['a', 'b', 'c'].map(ask))
  ;(await until(1)).fail(new Error('lost'))
  ;(await until(2)).answer()
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})

it('lets nobody wait for long behind what gets no answer', async () => {
  const { ask, sent, until } = sending()
  const stuck = ask('a')
  const one = await until(1)
  const other = ask('b')
  ;(await until(2)).answer()
  expect(await other).toBe('B')
  one.answer()
  expect(await stuck).toBe('A')
  expect(sent).toEqual(['a', 'b'])
})
