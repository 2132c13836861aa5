/** Opens and closes `count` new files one after another, in step with others that do the same. */
import { sqlite } from '@threadbook/sqlite'

const [path = '', counted = ''] = process.argv.slice(2)
for (let n = 0; n < Number(counted); n++) {
  const { close } = await sqlite(`${path}.${String(n)}.db`, { synchronous: 'NORMAL' })
  await close()
}
console.log('done')
