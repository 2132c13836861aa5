#!/usr/bin/env node
/** What the shell calls: reads what is asked, does it, and ends with a status. */
import * as E from 'fp-ts/lib/Either.js'
import { readArguments, usage, type Arguments } from './arguments.js'
import type { Looked } from './looked.js'

const STATUS = { done: 0, someRejected: 1, failed: 2, interrupted: 130 } as const
type Outcome = keyof typeof STATUS

const { stdout, stderr } = process
// Whoever reads may stop reading (`threadbook views | head`).
stdout.on('error', () => process.exit())

const print = (text: string) => {
  if (text !== '') stdout.write(`${text}\n`)
}

const fail = (message: string): Outcome => {
  stderr.write(`threadbook: ${message}\n`)
  return 'failed'
}

/** Aborted by Ctrl-C and the like; the second one ends the process at once. */
const untilInterrupted = (): AbortSignal => {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => interrupted.abort())
  return interrupted.signal
}

/** Status 1 where somebody should look at it. */
const looked = (found: E.Either<string, Looked>): Outcome => {
  if (E.isLeft(found)) return fail(found.left)
  print(found.right.output)
  return found.right.isFine ? 'done' : 'someRejected'
}

const run = async (asked: Arguments): Promise<Outcome> => {
  if (asked.command === 'help') {
    stdout.write(usage)
    return 'done'
  }
  // Loaded when needed: help and mistyped options are answered at once.
  const { screenOn } = await import('./screen.js')
  const screen = screenOn(stdout, process.env, new Date())
  if (asked.command === 'views') {
    const { showViews } = await import('./show-views.js')
    const shown = await showViews(asked, screen)
    if (E.isLeft(shown)) return fail(shown.left)
    print(shown.right)
    return 'done'
  }
  if (asked.command === 'thread') {
    const { showThread } = await import('./show-thread.js')
    const shown = await showThread(asked, screen)
    if (E.isLeft(shown)) return fail(shown.left)
    print(shown.right)
    return 'done'
  }
  if (asked.command === 'explain') {
    const { explainView } = await import('./explain-view.js')
    const explained = await explainView(asked, screen)
    if (E.isLeft(explained)) return fail(explained.left)
    print(explained.right)
    return 'done'
  }
  if (asked.command === 'health') {
    const { showHealth } = await import('./show-health.js')
    return looked(await showHealth(asked, screen))
  }
  if (asked.command === 'parked') {
    const { showParked } = await import('./show-parked.js')
    return looked(await showParked(asked, screen))
  }
  const signal = untilInterrupted()
  if (asked.command === 'verify') {
    const { verifyViews } = await import('./verify-views.js')
    const verified = await verifyViews(asked, { notes: stderr, signal })
    if (E.isLeft(verified)) return fail(verified.left)
    return verified.right === undefined ? 'interrupted' : looked(E.right(verified.right))
  }
  if (asked.command === 'rebuild') {
    const { rebuildViews } = await import('./rebuild-views.js')
    const rebuilt = await rebuildViews(asked, { notes: stderr, signal })
    if (E.isLeft(rebuilt)) return fail(rebuilt.left)
    if (rebuilt.right === undefined) return 'interrupted'
    print(rebuilt.right)
    return 'done'
  }
  if (asked.command === 'copy') {
    const { copyInbox } = await import('./copy-inbox.js')
    const copied = await copyInbox(asked, { notes: stderr, signal })
    if (E.isLeft(copied)) return fail(copied.left)
    if (copied.right === undefined) return 'interrupted'
    print(copied.right)
    return 'done'
  }
  const { importMail } = await import('./import-mail.js')
  const bases = [`${process.cwd()}/package.json`, import.meta.url]
  const finished = await importMail(asked, { screen, notes: stderr, signal, bases })
  if (E.isLeft(finished)) return fail(finished.left)
  const { output, outcome } = finished.right
  print(output)
  return outcome === 'imported' ? 'done' : outcome
}

const asked = readArguments(process.argv.slice(2))
const outcome = E.isLeft(asked)
  ? fail(`${asked.left}\nthreadbook --help tells what can be asked for.`)
  : await run(asked.right).catch((bug: unknown) =>
      fail(bug instanceof Error ? (bug.stack ?? bug.message) : String(bug)),
    )
process.exitCode = STATUS[outcome]
