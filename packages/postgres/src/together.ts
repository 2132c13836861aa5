/**
 * What is asked for while something is under way is sent together, once that is back: whoever is alone
 * waits for nobody, and many at once take few round trips and few commits.
 */
import { clearTimeout, setTimeout } from 'node:timers'
import { setImmediate } from 'node:timers/promises'

/** What takes longer, as it waits for something, holds up nobody else. */
const SLOW_MS = 20

interface Asked<Q, A> {
  readonly question: Q
  readonly answer: (answer: A) => void
  readonly fail: (error: unknown) => void
}

export interface Togetherness<Q> {
  /** At most so many go together, at least 1. */
  readonly most: number
  /** Whether one can go with others; the first always goes. */
  readonly fits: (question: Q, others: readonly Q[]) => boolean
}

/** `carryOut` answers each question at its place; whatever it throws is thrown to all of them. */
export const together = <Q, A>(
  carryOut: (questions: readonly Q[]) => Promise<readonly A[]>,
  { most, fits }: Togetherness<Q>,
): ((question: Q) => Promise<A>) => {
  let waiting: Asked<Q, A>[] = []
  let isBusy = false

  const nextOnes = (): readonly Asked<Q, A>[] => {
    const going: Asked<Q, A>[] = []
    const questions: Q[] = []
    const staying: Asked<Q, A>[] = []
    for (const asked of waiting)
      if (going.length === 0 || (going.length < most && fits(asked.question, questions))) {
        going.push(asked)
        questions.push(asked.question)
      } else staying.push(asked)
    waiting = staying
    return going
  }

  const send = async (): Promise<void> => {
    // All that is asked for in the same moment goes together, too.
    await setImmediate()
    const going = nextOnes()
    let isOver = false
    const over = () => {
      if (isOver) return
      isOver = true
      isBusy = false
      sendNext()
    }
    const slow = setTimeout(over, SLOW_MS)
    try {
      const answers = await carryOut(going.map(({ question }) => question))
      for (const [index, { answer }] of going.entries()) answer(answers[index]!)
    } catch (error) {
      for (const { fail } of going) fail(error)
    } finally {
      clearTimeout(slow)
      over()
    }
  }

  const sendNext = (): void => {
    if (isBusy || waiting.length === 0) return
    isBusy = true
    void send()
  }

  return (question) =>
    new Promise((answer, fail) => {
      waiting.push({ question, answer, fail })
      sendNext()
    })
}
