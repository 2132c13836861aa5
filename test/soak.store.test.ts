/** The soak (`npm run soak`), small: writers that are killed, connections that are cut, a server that restarts. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, it, jest } from '@jest/globals'
import { onEveryStore } from './stores.js'

jest.setTimeout(120_000)

const soak = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const child = spawn(process.execPath, [path.resolve('test/soak/soak.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let complained = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()))
  await once(child, 'close')
  if (said === '') throw new Error(complained)
  return JSON.parse(said) as Record<string, unknown>
}

onEveryStore(
  ({ name, place }) => {
    it('nothing acknowledged is lost or seen twice, with processes that are killed', async () => {
      const { spec } = await place()
      const told = await soak('--events=1500', '--kill-every=0.5', `--spec=${JSON.stringify(spec)}`)
      expect(told).toMatchObject({ store: name, wrong: [], faults: 0 })
      expect(told['killed']).toBeGreaterThan(0)
      expect(told['acknowledged']).toBeGreaterThanOrEqual(1_500)
    })
  },
  ['sqlite', 'postgres'],
)

onEveryStore(() => {
  it('nor with a server that restarts, and connections that are cut', async () => {
    const disturbed = ['--cut-every=0.5', '--restart-every=1.5', '--kill-every=1.5']
    const told = await soak('--store=postgres', '--events=2000', ...disturbed)
    expect(told).toMatchObject({ store: 'postgres', wrong: [] })
    expect(told['cut']).toBeGreaterThan(0)
  })
}, ['postgres'])
