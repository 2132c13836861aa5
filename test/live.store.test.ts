/** Lists that stay right while they are looked at, on every store, and in another process. */
import { describe, expect, it } from '@jest/globals'
import type { ListItem } from '@threadbook/projection-views'
import * as fc from 'fast-check'
import { openDesk } from '../packages/inbox/test/fixtures.js'
import {
  acts,
  expectLists,
  perform,
  prepare,
  readings,
} from '../packages/inbox/test/live-histories.js'
import { listAll } from '../packages/inbox/test/live-list.js'
import { eventually, start, type Program } from './processes.js'
import { onEveryStore } from './stores.js'

const TAKE_OVER_AFTER = 1_000

onEveryStore(({ place }) => {
  it('K-15 D-02 told what enters, changes and leaves, any list ends as it is listed anew', async () => {
    const steps = fc.array(
      fc.oneof({ weight: 3, arbitrary: acts }, { weight: 1, arbitrary: readings }),
      { minLength: 60, maxLength: 60 },
    )
    const { open } = await place()
    const desk = await openDesk(await open())
    const setting = await prepare(desk)
    const [all] = fc.sample(steps, { numRuns: 1, seed: 7 })
    await expectLists(desk, setting, all!)
    await desk.inbox.close()
  })
})

interface Line {
  readonly type: string
  readonly conversationId?: string
  readonly item?: ListItem
  readonly items?: readonly ListItem[]
  readonly position?: string
}

/** What a program wrote, but for a line that it was killed at. */
const linesOf = ({ lines }: Program): readonly Line[] =>
  lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as Line]
    } catch {
      return []
    }
  })

/** What is on the screen, from all that was told. */
const shown = (lines: readonly Line[]): ReadonlyMap<string, ListItem> => {
  let items = new Map<string, ListItem>()
  for (const { type, conversationId, item, items: listed } of lines) {
    if (listed !== undefined) items = new Map(listed.map((each) => [each.conversationId, each]))
    else if (item !== undefined) items.set(item.conversationId, item)
    else if (type === 'left') items.delete(conversationId!)
  }
  return items
}

describe('in another process', () => {
  onEveryStore(
    ({ place }) => {
      it('D-02 a list is told on from where it was when its process was killed', async () => {
        const { open, spec } = await place()
        const desk = await openDesk(await open(), { takeOverAfter: TAKE_OVER_AFTER })
        const setting = await prepare(desk)
        const work = async (seed: number) => {
          for (const act of fc.sample(acts, { numRuns: 40, seed }))
            await perform(act, setting, desk)
          return desk.receive()
        }
        const watch = (...from: readonly string[]) =>
          start('watch', JSON.stringify(spec), String(TAKE_OVER_AFTER), ...from)
        const hears = (program: Program, conversation: string) =>
          eventually(() =>
            linesOf(program).some(({ conversationId: told }) => told === conversation),
          )

        const first = watch()
        await eventually(() => linesOf(first).some(({ type }) => type === 'caughtUp'))
        await hears(first, await work(1))
        const working = work(2)
        await eventually(() => linesOf(first).length > 4)
        first.kill()
        await first.ended
        await working
        const from = linesOf(first).findLast(({ position }) => position !== undefined)?.position
        const second = watch(from!)
        await hears(second, await work(3))
        expect(linesOf(second).map(({ type }) => type)).not.toContain('reload')
        await desk.inbox.caughtUp()
        const listed = await listAll(desk.inbox, 'allOpen', { inbox: 'all' })
        await eventually(() => {
          const now = shown([...linesOf(first), ...linesOf(second)])
          return JSON.stringify([...now].sort()) === JSON.stringify([...listed].sort())
        })
        second.kill()
        await second.ended
        await desk.inbox.close()
      })
    },
    ['sqlite', 'postgres'],
  )
})
