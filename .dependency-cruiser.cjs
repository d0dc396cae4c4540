// The arrows of ARCHITECTURE.md. test/architecture.test.ts breaks each rule once, to prove that it bites.
const layers = ['protocol', 'sdk', 'store', 'providers', 'runtime', 'toolchain', 'builder', 'app']
const stages = ['brief', 'workspace', 'agent', 'evidence', 'verification', 'assembly']
const test = '(\\.test\\.ts$|/test/|/testing/)'

/** No package may import one to its right. */
const arrows = layers
  .map((name, index) => ({
    name: `${name}-imports-only-left`,
    comment: `packages/${name} may import only: ${layers.slice(0, index).join(', ') || 'nothing'}.`,
    severity: 'error',
    from: { path: `^packages/${name}/src`, pathNot: test },
    to: { path: `^packages/(${[...layers.slice(index + 1), 'testbed'].join('|')})/` },
  }))
  .filter((rule) => rule.name !== 'app-imports-only-left')

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'store-does-not-know-sdk',
      comment: 'Storage keeps records of the protocol; it does not know how functions are written.',
      severity: 'error',
      from: { path: '^packages/(store|providers)/src' },
      to: { path: '^packages/sdk/' },
    },
    {
      name: 'runner-reaches-only-sdk-and-protocol',
      comment:
        'No database driver, no gateway and no host code beside untrusted code, also transitively.',
      severity: 'error',
      from: { path: '^packages/runtime/src/runner/(entry|snapshot-entry)\\.ts$' },
      to: {
        path: '^(packages|node_modules)/',
        pathNot: '^(packages/(sdk|protocol)/|packages/runtime/src/runner/|node_modules/zod/)',
        reachable: true,
      },
    },
    ...stages.map((stage) => ({
      name: `stage-${stage}-stands-alone`,
      comment:
        'Builder stages meet only in pipeline.ts, and in desk/, the control side of an attempt.',
      severity: 'error',
      from: { path: `^packages/builder/src/${stage}/`, pathNot: test },
      to: {
        path: `^packages/builder/src/(${stages.filter((s) => s !== stage).join('|')}|pipeline)`,
      },
    })),
    {
      name: 'testbed-is-for-tests-and-the-demo',
      comment:
        'Test accounts and the offline model are wired in app/src/demo and app/src/model only.',
      severity: 'error',
      from: {
        path: '^packages/(?!testbed/)',
        pathNot: `^packages/app/src/(demo|model|bench)/|${test}`,
      },
      to: { path: '^packages/testbed/' },
    },
    {
      name: 'testbed-imports-protocol-and-providers',
      severity: 'error',
      comment: 'The testbed plays the outside world: it must not know how Plumb works inside.',
      from: { path: '^packages/testbed/src', pathNot: test },
      to: { path: '^packages/(sdk|store|runtime|toolchain|builder|app|dashboard)/' },
    },
    {
      name: 'entry-points-only',
      comment: 'Import a package by its name and a listed entry point, never a file inside it.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/([^/]+)/src/',
        pathNot:
          '^packages/($1)/|/src/index\\.ts$|/src/(runner|accounts|collection|offline-model|rogues|testing|replay|compile|client)/index\\.ts$|/sdk/src/(nango|config)\\.ts$',
      },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that import each other, if only for a type, are one file.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/|^packages/testbed/collection' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
    },
  },
}
