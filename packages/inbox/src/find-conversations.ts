import { filters } from '@threadbook/sourcing'
import type { Door } from './door.js'
import { answer } from './fault.js'
import { rows } from './list-items.js'

const { and, is } = filters
const AT_ONCE = 1_000

/** All conversations with this contact, whatever state they are in, as the views know them. */
export const conversationsWith = async (
  { adapters, account }: Pick<Door, 'adapters' | 'account'>,
  contact: string,
): Promise<readonly string[]> => {
  const all: string[] = []
  for (let after: { value: string; key: string } | undefined; ;) {
    const found = await answer(
      adapters.readModels.find(rows, {
        where: and(is('account', account), is('contact', contact)),
        order: { column: 'firstActivityAt', direction: 'ascending' },
        ...(after && { after }),
        limit: AT_ONCE,
      }),
    )
    all.push(...found.map(({ key }) => key))
    const last = found.at(-1)
    if (last === undefined || found.length < AT_ONCE) return all
    after = { value: last.row['firstActivityAt'] as string, key: last.key }
  }
}
