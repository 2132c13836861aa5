import { expect, it } from '@jest/globals'
import { assign, connectChannel, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { postgres } from '@threadbook/postgres'
import * as E from 'fp-ts/lib/Either.js'
import { theseStores } from '../test/stores.js'
import { openApart } from './log-and-views-apart.js'

const stores = theseStores('eventstoredb', 'postgres')

const urlOf = (options: readonly string[] = []): string => options[options.indexOf('--url') + 1]!

if (stores === undefined) it.skip('STORES leaves out what this needs', () => undefined)
else
  it('what is written on EventStoreDB is found in PostgreSQL, also once it is opened anew', async () => {
    const [log, views] = await Promise.all(
      stores.map(async ({ place }) => urlOf((await place()).options)),
    )
    const ada = user('ada')
    const inbox = await openApart(log!, views!)
    const channel = {
      inboxId: 'support',
      channel: 'email',
      address: 'support@example.com',
    } as const
    await inbox.execute(connectChannel({ ...channel, actor: ada }))
    const mail = 'From: bo@example.com\nTo: support@example.com\nSubject: Where?\n\nWhere is it?\n'
    const received = await receiveMail(inbox, Buffer.from(mail))
    if (E.isLeft(received)) throw new Error(received.left.type)
    const { conversationId } = received.right
    await inbox.execute(assign({ conversationId, owner: ada, actor: ada }))
    await inbox.caughtUp()
    const mine = await inbox.views.list('assignedToMe', { viewer: 'ada' })
    expect(mine).toMatchObject({ right: { items: [{ subject: 'Where?', owner: 'user:ada' }] } })
    await inbox.close()

    const again = await openApart(log!, views!)
    expect(await again.views.list('assignedToMe', { viewer: 'ada' })).toEqual(mine)
    await again.close()

    const beside = await postgres(views!)
    expect(await beside.store.readAll()()).toMatchObject({ right: { events: [] } })
    await beside.close()
  })
