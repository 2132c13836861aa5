/** Rebuilds the tally of an inbox, and is killed by itself as soon as that is at a stage. */
import { openInbox } from '@threadbook/inbox'
import { openStore } from './open-store.mjs'
import { tally } from './tally.mjs'

const [spec = '', stage = ''] = process.argv.slice(2)
const inbox = await openInbox(await openStore(JSON.parse(spec)), { projections: [tally] })
await inbox.projections.rebuild('tally', {
  onProgress: (progress) => {
    if (progress.stage === stage) process.kill(process.pid, 'SIGKILL')
  },
})
console.log('done')
process.exit()
