/** What runs behind runs in one process at a time; when that is killed, another takes over. */
import { expect, it } from '@jest/globals'
import { right } from '../packages/inbox/test/fixtures.js'
import { newEvent } from './events.js'
import { eventually, start, type Program } from './processes.js'
import { tally } from './programs/tally.mjs'
import { onEveryStore } from './stores.js'

const TAKE_OVER_AFTER_MS = '1000'

onEveryStore(
  ({ place, name }) => {
    // In SQLite the process that appends keeps the views itself.
    const works = name === 'sqlite' ? ['effect'] : ['effect', 'row']

    it('views and reactions run in one process; when it is killed, another takes over', async () => {
      const { open, spec } = await place()
      const { store, readModels, projectInline, close } = await open()
      if (projectInline !== undefined) right(await projectInline([tally], () => undefined)())
      let appended = 0
      const append = async (count: number) => {
        for (let n = 0; n < count; n++) {
          const event = newEvent({ n: String(appended++) })
          const stream = `note-acme.${String(appended % 3)}`
          right(await store.append({ stream, expected: 'any', events: [event] })())
        }
      }
      const programs: Program[] = []
      const begin = async () => {
        const program = start('react', JSON.stringify(spec), TAKE_OVER_AFTER_MS)
        programs.push(program)
        await eventually(() => program.lines.includes('open'))
      }
      const at = (work: string, data: number) =>
        programs.filter(({ lines }) => lines.includes(`${work} ${String(data)}`))
      const handled = () =>
        eventually(() => works.every((work) => at(work, appended - 1).length > 0))

      await begin()
      await begin()
      await append(10)
      await handled()
      for (const work of works)
        for (let n = 0; n < appended; n++) expect(at(work, n)).toEqual([programs[0]])

      await append(5)
      programs[0]!.kill()
      await begin()
      await append(10)
      await handled()
      const after = programs
        .slice(1)
        .filter((program) => works.some((work) => at(work, 24).includes(program)))
      expect(after.length).toBeGreaterThan(0)
      for (const work of works) expect(at(work, 24)).toHaveLength(1)

      // Each event is in the rows once, whoever was at it and however that ended.
      await eventually(async () => {
        const rows = [...right(await readModels.get(tally, ['0', '1', '2'])()).values()]
        return rows.reduce((sum, row) => sum + Number(row['count']), 0) >= appended
      })
      const rows = [...right(await readModels.get(tally, ['0', '1', '2'])()).values()]
      const ids = rows.flatMap((row) => row['ids'] as string[])
      expect(ids).toHaveLength(appended)
      expect(new Set(ids).size).toBe(appended)
      // And the effect has met each of them.
      for (let n = 0; n < appended; n++) expect(at('effect', n).length).toBeGreaterThan(0)
      for (const { kill, ended } of programs) {
        kill()
        await ended
      }
      await close()
    })
  },
  ['sqlite', 'postgres', 'eventstoredb'],
)
