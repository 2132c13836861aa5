import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { safeHtml } from '@threadbook/core'

const folder = mkdtempSync(join(tmpdir(), 'threadbook-start-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('a start on SQLite loads the driver and no other CommonJS, until HTML is met', () => {
  const html = '<p onclick="a()">Hi <img src="https://x.example/a.png"><script>b()</script></p>'
  const program = [join(__dirname, 'programs/start.mjs'), join(folder, 'new.db'), html]
  const told = JSON.parse(execFileSync(process.execPath, program, { encoding: 'utf8' })) as {
    readonly [name: string]: unknown
  }
  expect(told['asked']).toBe('Right')
  const before = ['better-sqlite3', 'bindings', 'file-uri-to-path']
  expect([...(told['before'] as string[])].sort()).toEqual(before)
  expect(told['safe']).toBe(safeHtml(html, { remoteImages: 'apart' }))
  expect(told['safe']).not.toContain('script')
  expect(told['after']).toContain('sanitize-html')
})
