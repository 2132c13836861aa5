import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { sqliteLog } from '@threadbook/sqlite'
import type { ParkedEvent } from '@threadbook/sourcing'
import { events, newEvent, ok, tally, wholeLog } from './fixtures.js'
import { folder } from './files.js'

const inFolder = folder()

it('rows far behind do not hold up the append that finds them so, and catch up after it', async () => {
  const path = join(inFolder, 'behind.db')
  const ours = await sqliteLog(path, { synchronous: 'NORMAL' })
  const other = await sqliteLog(path, { synchronous: 'NORMAL' })
  await ok(ours.projectInline([tally], () => undefined))
  // In one commit, and ours right behind it: nobody has looked for what is new in between.
  const [first, ...more] = Array.from({ length: 10 }, (_, n) => ({
    stream: `note-acme.${String(n)}`,
    expected: 'any' as const,
    events: events(300),
  }))
  await ok(other.store.appendAll([first!, ...more]))
  const answered = await ok(
    ours.store.append({ stream: 'note-acme.0', expected: 'any', events: [newEvent()] }),
  )
  expect(await ok(ours.readModels.checkpoint(tally))).not.toBe(answered.position)
  // It goes on by itself: a test that fails here waits until its time is up.
  while ((await ok(ours.readModels.checkpoint(tally))) !== answered.position) await sleep(1)
  const rows = await ok(ours.readModels.get(tally, ['0', '9']))
  expect([...rows.values()].map(({ count }) => count)).toEqual([301, 300])
  // From here on it keeps up again, within each append.
  const next = await ok(
    ours.store.append({ stream: 'note-acme.0', expected: 'any', events: [newEvent()] }),
  )
  expect(await ok(ours.readModels.checkpoint(tally))).toBe(next.position)
  await other.close()
  await ours.close()
})

it('what others append without keeping the rows is caught up, also where nobody here appends', async () => {
  const path = join(inFolder, 'idle.db')
  const ours = await sqliteLog(path)
  const other = await sqliteLog(path)
  await ok(ours.projectInline([tally], () => undefined))
  const appended = await ok(
    other.store.append({ stream: 'note-acme.a', expected: 'any', events: events(2) }),
  )
  while ((await ok(ours.readModels.checkpoint(tally))) !== appended.position) await sleep(1)
  expect((await ok(ours.readModels.get(tally, ['a']))).get('a')).toMatchObject({ count: 2 })
  await other.close()
  await ours.close()
})

it('the same projection attached twice is folded once, and both hear of what parks', async () => {
  const { store, readModels, projectInline, close } = await sqliteLog(':memory:')
  const heard: [string, readonly ParkedEvent[]][] = []
  await ok(projectInline([tally], (_, parked) => heard.push(['first', parked])))
  await ok(projectInline([tally], (_, parked) => heard.push(['second', parked])))
  await ok(store.append({ stream: 'note-acme.a', expected: 'any', events: events(2) }))
  expect((await ok(readModels.get(tally, ['a']))).get('a')).toMatchObject({ count: 2 })
  await ok(store.append({ stream: 'note-acme.a', expected: 'any', events: [newEvent('Broken')] }))
  expect(heard.map(([who, parked]) => [who, parked.length])).toEqual([
    ['first', 1],
    ['second', 1],
  ])
  await close()
})

it('one append of more events than any slice is folded whole', async () => {
  const { store, readModels, projectInline, close } = await sqliteLog(':memory:')
  await ok(projectInline([tally], () => undefined))
  await ok(store.append({ stream: 'note-acme.a', expected: 'any', events: events(3_000) }))
  expect((await ok(readModels.get(tally, ['a']))).get('a')).toMatchObject({ count: 3_000 })
  expect(await ok(readModels.checkpoint(tally))).toBe((await wholeLog(store)).at(-1)!.position)
  await close()
})
