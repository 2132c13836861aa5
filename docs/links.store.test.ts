/** Pages lead to pages that are there, and all of them can be found. */
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from '@jest/globals'

const pagesUnder = (folder: string): readonly string[] =>
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name))

const readmes = fs
  .readdirSync('packages')
  .map((name) => path.join('packages', name, 'README.md'))
  .filter((file) => fs.existsSync(file))

/** What a page links to within the repository. */
const linksOf = (page: string): readonly string[] =>
  [...fs.readFileSync(page, 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => path.join(path.dirname(page), target))

it('every link leads somewhere', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...readmes, ...pagesUnder('docs')]
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter((target) => !fs.existsSync(target))
      .map((target) => `${page}: ${target}`),
  )
  expect(broken).toEqual([])
})

it('the index names every page', () => {
  const index = path.join('docs', 'README.md')
  const others = pagesUnder('docs').filter((page) => page !== index)
  expect([...linksOf(index)].sort()).toEqual([...others].sort())
})
