import { setImmediate } from 'node:timers/promises'
import { afterAll, describe, expect, it } from '@jest/globals'
import { meanwhile } from './meanwhile.js'

describe('what goes on beside a test', () => {
  let turns = 0
  let turnsAtItsEnd = 0
  const turn = async () => void ++turns

  describe('that does not end it', () => {
    const beside = meanwhile()
    it('takes turns', async () => {
      beside(turn)
      while (turns < 3) await setImmediate()
    })
  })

  it('has ended with it', async () => {
    turnsAtItsEnd = turns
    for (let n = 0; n < 5; n++) await setImmediate()
    expect(turns).toBe(turnsAtItsEnd)
  })

  describe('and fails', () => {
    const beside = meanwhile()
    it('tells whoever ends it', async () => {
      const end = beside(() => Promise.reject(new Error('it broke')))
      await setImmediate()
      await expect(end()).rejects.toThrow('it broke')
    })
  })

  afterAll(() => expect(turns).toBe(turnsAtItsEnd))
})
