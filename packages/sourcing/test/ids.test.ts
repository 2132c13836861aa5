/** Ids are stored for ever and repeated by name: they stay what they are. */
import { describe, expect, it } from '@jest/globals'
import { idByName, idByTime } from '@threadbook/sourcing'
import fc from 'fast-check'

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('an id by name', () => {
  it('is what other programs make of it', () => {
    expect(idByName('www.example.com', DNS)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
  })

  it('takes any text', () => {
    expect(idByName('Größe ✓', DNS)).toBe('df0becac-cdeb-5a88-a516-6bbb4de3ac67')
  })

  it('is the same for the same name, and another for another name or namespace', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.uuid(), (a, b, namespace) => {
        fc.pre(a !== b)
        const id = idByName(a, namespace)
        expect(UUID.exec(id)?.[1]).toBe('5')
        expect(idByName(a, namespace)).toBe(id)
        expect(idByName(b, namespace)).not.toBe(id)
      }),
    )
  })
})

describe('an id by time', () => {
  it('is greater than all before it, many in a millisecond too', () => {
    const ids = Array.from({ length: 20_000 }, idByTime)
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(UUID.exec(id)?.[1]).toBe('7')
  })

  it('begins with the time', () => {
    const before = Date.now()
    const time = Number.parseInt(idByTime().replaceAll('-', '').slice(0, 12), 16)
    // Ids made faster than their counter has room for run a little ahead of the clock.
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThan(before + 1_000)
  })
})
