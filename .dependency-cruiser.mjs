/** Which packages each package may import: the direction of the whole house. */
const mayImport = {
  sourcing: [],
  core: ['sourcing'],
  'projection-[^/]+': ['sourcing', 'core'],
  'sqlite|postgres|eventstoredb': ['sourcing'],
  inbox: ['sourcing', 'core', 'projection-[^/]+'],
  'email|channels|audit': ['sourcing', 'core', 'projection-[^/]+', 'inbox'],
}

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const direction = Object.entries(mayImport).map(([name, others]) => ({
  name: `direction-of-${name}`,
  comment: `${name} may import ${others.join(', ') || 'no other package'}`,
  severity: 'error',
  from: { path: `^packages/(${name})/src/` },
  to: {
    path: '^packages/',
    pathNot: [`^packages/$1/`, ...others.map((other) => `^packages/${other}/`)],
  },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...direction,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unknown-package-direction',
      comment: 'a new package says in this file what it may import',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(${Object.keys(mayImport).join('|')}|cli)/` },
      to: {},
    },
    {
      name: 'entry-points-only',
      comment: "another package's src is private",
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/[^/]+/src/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'fixtures-for-tests-only',
      comment: "tests may use another package's fixtures, what is published may not",
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^packages/[^/]+/test/' },
    },
    {
      name: 'pure',
      comment: 'the domain and its projections know no machine, clock or database',
      severity: 'error',
      from: { path: '^packages/(core|projection-[^/]+)/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-drivers',
      comment: 'the host passes adapters in',
      severity: 'error',
      from: { path: '^packages/(sourcing|core|projection-[^/]+|inbox|email|channels|audit)/src/' },
      to: { path: '(^|/)node_modules/(better-sqlite3|pg|@eventstore|@kurrent|@grpc)/' },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@threadbook/source', 'import', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
}
