import { fileURLToPath } from 'node:url'
import config from '../jest.config.js'

const [unit] = config.projects

/** What is mutated is a copy of the repository, so the packages are named by their place in it. */
export default {
  ...unit,
  rootDir: fileURLToPath(new URL('..', import.meta.url)),
  displayName: 'core',
  moduleNameMapper: {
    ...unit.moduleNameMapper,
    // Stories need no generators, and nothing that reads HTML: both take longer to load than they.
    '^@threadbook/core/testing$': '<rootDir>/packages/core/src/testing/story.ts',
    '^sanitize-html$': '<rootDir>/mutation/no-html.js',
    '^@threadbook/(\\w+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@threadbook/(\\w+)/(\\w+)$': '<rootDir>/packages/$1/src/$2/index.ts',
  },
  testMatch: ['<rootDir>/mutation/stories.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/'],
}
