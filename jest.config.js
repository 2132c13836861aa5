import { stores, wanted } from './scripts/stores.mjs'

/** Packages that ship ES modules only; Jest runs CommonJS here, so they are transformed as ours are. */
const esmOnly = ['uuid', 'postal-mime', 'temporal-polyfill', 'temporal-utils']

/** @type {import('jest').Config} */
const shared = {
  testEnvironment: 'node',
  runtime: '<rootDir>/scripts/compiled-once.cjs',
  testEnvironmentOptions: {
    customExportConditions: ['@threadbook/source', 'node', 'require', 'default'],
  },
  moduleFileExtensions: ['js', 'ts', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/', '<rootDir>/mutation/'],
}

/** Tests of stores that STORES leaves out. */
const unwanted = stores
  .filter((name) => !wanted.includes(name))
  .map((name) =>
    name === 'memory'
      ? '<rootDir>/packages/sourcing/test/memory\\.test\\.ts$'
      : `<rootDir>/packages/${name}/test/`,
  )

const store = '\\.store\\.test\\.ts$'

/** @type {import('jest').Config} */
export default {
  // Only to end what hangs: no test may depend on how busy a machine is.
  testTimeout: 120_000,
  maxWorkers: '100%',
  testSequencer: '<rootDir>/scripts/longest-first.mjs',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/packages/*/test/**/*.test.ts',
        '<rootDir>/{test,examples,docs,scripts,benchmarks/test}/**/*.test.ts',
      ],
      testPathIgnorePatterns: ['/node_modules/', store, ...unwanted],
    },
    {
      ...shared,
      displayName: 'store',
      testMatch: ['<rootDir>/{packages/*/test,test,examples,docs}/**/*.store.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...unwanted],
      // Tests that start processes run what is built.
      globalSetup: '<rootDir>/scripts/build-before-tests.mjs',
    },
  ],
}
