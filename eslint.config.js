import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig(
  globalIgnores(['**/dist/', 'coverage/', 'benchmarks/', 'mutation/']),
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // `KeyId | 'stream'` tells the reader more than `string`.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // A port's function is async because the port says so, not because this adapter waits.
      '@typescript-eslint/require-await': 'off',
      // TypeScript knows which names exist.
      'no-undef': 'off',
      eqeqeq: 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(fp-ts|io-ts)/(?!lib/.*\\.js$)',
              message: "Node cannot load it as an ES module: write '<package>/lib/<Module>.js'.",
            },
            {
              regex: '^(@threadbook/[^/]+|(\\.\\./)+[^/]+)/src/',
              message: "Another package's src is private: import one of its entry points.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ['packages/*/src/**'],
    ignores: ['packages/cli/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['packages/core/src/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'SwitchCase[test=null]',
          message: 'Name every case: a default hides the event or command that was forgotten.',
        },
      ],
    },
  },
  {
    files: ['packages/*/test/**', '**/*.test.ts', '**/*.mjs'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
)
