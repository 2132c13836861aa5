/** What the kit is told of a store on any server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Append, EventStore } from '@threadbook/sourcing'
import type { EventStoreKitOptions } from '@threadbook/sourcing/conformance'

/** How the kit opens stores, and what they can be made to go through. */
export type Opening = Required<Omit<EventStoreKitOptions, 'skip' | 'lacks'>> & {
  readonly open: () => Promise<EventStore>
}

export const keepingLimit = (store: EventStore, parts: Partial<EventStore>): EventStore => ({
  ...store,
  get maxAppendBytes() {
    return store.maxAppendBytes ?? Infinity
  },
  ...parts,
})

/** Appends by a process of its own, which ends itself once it is answered, if nobody did before. */
export const startAppending = (url: string, append: Append) => {
  const program = join(__dirname, 'programs', 'append-and-die.mjs')
  const child = spawn(process.execPath, [program, url, JSON.stringify(append)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return {
    kill: () => child.kill('SIGKILL'),
    died: once(child, 'exit').then(([, signal]) => {
      if (signal !== 'SIGKILL') throw new Error('the process was not killed')
    }),
  }
}
