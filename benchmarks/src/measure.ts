/** Runs interleaved (A B A B …), each in a process of its own, so that all meet the same weather. */
import { fork } from 'node:child_process'
import type { Scenario, Timed } from './scenario.js'

export interface Result {
  readonly scenario: string
  readonly operation: string
  readonly size: number
  readonly subject: string
  readonly settings: string
  /** Median of the runs, with the slowest and the fastest. */
  readonly perSecond: number
  readonly spread: readonly [slowest: number, fastest: number]
  readonly ratioToFloor: number
}

const once = (scenario: Scenario, subject: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL('run-one.js', import.meta.url), [scenario.name, subject])
    let perSecond: number | undefined
    child.on('message', ({ operations, ms }: Timed) => (perSecond = (operations / ms) * 1_000))
    child.on('exit', (code) => {
      if (perSecond === undefined) reject(new Error(`${subject}: ended with ${code} and no figure`))
      else resolve(perSecond)
    })
  })

const median = (sorted: readonly number[]): number => {
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const measure = async (scenario: Scenario, rounds: number): Promise<readonly Result[]> => {
  const subjects = [scenario.floor, ...scenario.subjects]
  const figures = new Map<string, number[]>(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const { name } of subjects) figures.get(name)!.push(await once(scenario, name))
  const floor = median(figures.get(scenario.floor.name)!.sort((a, b) => a - b))
  return subjects.map(({ name, settings }) => {
    const sorted = figures.get(name)!.sort((a, b) => a - b)
    return {
      scenario: scenario.name,
      operation: scenario.operation,
      size: scenario.size,
      subject: name,
      settings,
      perSecond: median(sorted),
      spread: [sorted[0]!, sorted.at(-1)!],
      ratioToFloor: median(sorted) / floor,
    }
  })
}
