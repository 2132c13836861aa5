/** Whoever doubts a view can have it compared with the log. */
import { describe, expect, it } from '@jest/globals'
import { assign, comment } from '@threadbook/core'
import type { Rows } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { rows } from '../src/list-items.js'
import { ada, openDesk, right } from './fixtures.js'

describe('inbox.projections.verify', () => {
  it('compares every projection, and finds nothing where all is well', async () => {
    const desk = await openDesk()
    const id = await desk.receive()
    await desk.ask(assign({ conversationId: id, owner: ada, actor: ada }))
    await desk.ask(comment({ conversationId: id, text: 'x', actor: ada }))
    await desk.inbox.settled()
    const verified = right(await desk.inbox.projections.verify())
    expect(verified.map(({ projection }) => projection)).toEqual(
      expect.arrayContaining(['conversations', 'contactNames']),
    )
    for (const each of verified) expect(each).toMatchObject({ differences: [], more: 0 })
    expect(verified.find(({ projection }) => projection === 'conversations')).toMatchObject({
      rows: 1,
    })
  })

  it('shows what is sealed as it is stored', async () => {
    const desk = await openDesk()
    const [id, other] = [await desk.receive(), await desk.receive({ text: 'secret words' })]
    const { readModels } = desk.adapters
    const position = right(await readModels.checkpoint(rows)())!
    // The preview of another conversation, put where it does not belong.
    const preview = (await desk.row(other))!.preview
    const damaging: Rows = {
      ...rows,
      on: {
        Damaged: (row) => {
          if (row !== undefined) row['preview'] = preview
        },
      },
    }
    const [event] = await desk.stream('conversation', id)
    const events = [{ ...event!, type: 'Damaged', position }]
    right(await readModels.apply(damaging, { events, after: position, position })())
    const [verified] = right(await desk.inbox.projections.verify('conversations'))
    expect(verified!.differences).toMatchObject([
      { type: 'differs', key: id, fields: [{ field: 'preview', served: preview }] },
    ])
    expect(JSON.stringify(verified)).not.toContain('secret words')
  })

  it('tells how far it is', async () => {
    const desk = await openDesk()
    await desk.receive()
    const heard: string[] = []
    const onProgress = ({ phase, projection }: { phase: string; projection: string }) =>
      void heard.push(`${projection} ${phase}`)
    right(await desk.inbox.projections.verify('conversations', { onProgress }))
    expect([...new Set(heard)]).toEqual(['conversations replaying', 'conversations comparing'])
  })

  it('ends when it is told to, and when the inbox is closed', async () => {
    const desk = await openDesk()
    await desk.receive()
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(desk.inbox.projections.verify('conversations', { signal })).rejects.toThrow(
      'enough',
    )
    const asked = desk.inbox.projections.verify(undefined)
    await desk.inbox.close()
    expect(E.isLeft(await asked)).toBe(true)
  })

  it.each([
    ['a projection that is not there', 'nothing', {}, 'projection'],
    ['no differences at all', 'conversations', { limit: 0 }, 'limit'],
  ])('of %s is refused', async (_, projection, request, field) => {
    const desk = await openDesk()
    expect(await desk.inbox.projections.verify(projection, request)).toMatchObject({
      left: { type: 'InvalidRequest', field },
    })
  })
})
