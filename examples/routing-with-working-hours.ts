/** Mail goes to who is at work; before and after, it waits in Unassigned. */
import { addUser, changeRouting, changeWorkingHours, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { mailFrom, openForExample, right } from './in-short.js'

export const routingWithWorkingHours = async (print: (line: string) => void) => {
  let now = '2026-11-23T08:30:00.000Z' // a Monday, half past nine in Berlin
  const inbox = await openForExample({ clock: { now: () => now } })
  const by = { actor: 'system' } as const

  // #region hours
  const day = [{ from: '09:00', to: '17:00' }]
  const week = { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day }
  await inbox.execute(addUser({ userId: 'cy', ...by }))
  await inbox.execute(
    changeWorkingHours({ userId: 'cy', hours: { zone: 'Europe/Berlin', week }, ...by }),
  )
  await inbox.execute(
    changeRouting({
      inboxId: 'support',
      channel: 'email',
      routing: { to: 'these', owners: [user('cy')] },
      ...by,
    }),
  )
  // #endregion hours

  // #region arrives
  const arrives = async () => {
    await inbox.tick(now) // hours begin and end when the clock is passed in
    right(await receiveMail(inbox, mailFrom('bo@there.example', 'Good day!')))
    await inbox.settled()
    const { items } = right(await inbox.views.list('unassigned'))
    print(`${now.slice(11, 16)}: ${String(items.length)} unassigned`)
  }
  await arrives() // Cy's
  now = '2026-11-23T19:00:00.000Z'
  await arrives() // nobody's until somebody takes it
  // #endregion arrives
  await inbox.close()
}
