/** The other client, passed in: it calls the same things by other names. */
import './kurrent-messages.js' // before what it replaces is loaded
import { KurrentDBClient } from '@kurrent/kurrentdb-client'
import { expect, it } from '@jest/globals'
import {
  anAppend,
  eventsIn,
  faultOf,
  idsOf,
  newEvent,
  newEvents,
  ok,
  reading,
  rig,
  storedIds,
  STREAM,
  until,
} from './harness.js'

const client = (url: string) =>
  KurrentDBClient.connectionString(url.replace(/^esdb:/, 'kurrentdb:'))
const begun = async () => {
  const one = await rig({}, { client })
  const events = newEvents(5)
  await ok(one.store.append(anAppend(events)))
  return { ...one, ids: idsOf(events) }
}

it.each(['noStream', 0, 3, 9] as const)(
  'a conflict is one, and tells the place: %s',
  async (at) => {
    const one = await begun()
    expect(await faultOf(one.store.append(anAppend(newEvents(2), at)))).toEqual({
      type: 'Conflict',
      stream: STREAM,
      expected: at,
      actual: 4,
    })
    expect(storedIds(one)).toEqual(one.ids)
  },
)

it('a conflict with a stream that is not there is one, too', async () => {
  const one = await rig({}, { client })
  expect(await faultOf(one.store.append(anAppend([newEvent()], 3)))).toMatchObject({
    type: 'Conflict',
    actual: 'noStream',
  })
})

it('repetitions are answered as the first time, appends at any revision go to the end', async () => {
  const one = await begun()
  const batch = newEvents(2)
  const first = await ok(one.store.append(anAppend(batch, 4)))
  expect(await ok(one.store.append(anAppend(batch, 4)))).toEqual(first)
  expect(await ok(one.store.append(anAppend(newEvents(1), 'any')))).toMatchObject({ revision: 7 })
})

it('streams are read, absent, deleted and ended ones as well', async () => {
  const one = await begun()
  const { events } = await ok(one.store.readStream(STREAM, { from: 1, limit: 3 }))
  expect(idsOf(events)).toEqual(one.ids.slice(1, 4))
  const backwards = await ok(one.store.readStream(STREAM, { direction: 'backwards' }))
  expect(idsOf(backwards.events)).toEqual([...one.ids].reverse())
  const absent = { exists: false, events: [] }
  expect(await ok(one.store.readStream('note-acme.2'))).toEqual(absent)
  one.log.softDelete(STREAM, 'any')
  expect(await ok(one.store.readStream(STREAM))).toEqual(absent)
  one.log.tombstone(STREAM, 'any')
  expect(await faultOf(one.store.readStream(STREAM))).toEqual({
    type: 'StreamEnded',
    stream: STREAM,
  })
})

it('the log is read and followed', async () => {
  const one = await begun()
  const slice = await ok(one.store.readAll({ limit: 3 }))
  expect(idsOf(slice.events)).toEqual(one.ids.slice(0, 3))
  const reader = reading(one.store, { after: slice.position })
  const messages = await until(reader, ({ type }) => type === 'caughtUp')
  expect(idsOf(eventsIn(messages))).toEqual(one.ids.slice(3))
  const batch = newEvents(2)
  await ok(one.store.append(anAppend(batch, 4)))
  const live = await until(reader, (_, events) => events.length === 2)
  expect(idsOf(eventsIn(live))).toEqual(idsOf(batch))
  await reader.return?.()
})

it('what it says of a server that went away and came back is understood', async () => {
  const one = await begun()
  const reader = reading(one.store)
  await until(reader, ({ type }) => type === 'caughtUp')
  one.relay.cut()
  const batch = newEvents(2)
  await ok(one.store.append(anAppend(batch, 4)))
  const live = await until(reader, (_, events) => events.length === 2)
  expect(idsOf(eventsIn(live))).toEqual(idsOf(batch))
  one.relay.cut()
  expect((await ok(one.store.readStream(STREAM))).events).toHaveLength(7)
  await reader.return?.()
})
