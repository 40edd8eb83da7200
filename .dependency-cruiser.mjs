// The arrows of the house: what may import what. Each folder names all that it may import; the rest is forbidden.

/** `from` may import itself, `folders`, and packages unless `pure`. */
const only = (from, folders, why) => ({
  name: `${from}-imports`,
  comment: why,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: '^(domain|workflows|activities|adapters|worker|client|simulators|test)/', pathNot: `^(${[`${from}/`, ...folders].join('|')})` },
});

export default {
  forbidden: [
    only('domain', [], 'the domain is pure words and rules'),
    only('workflows', ['domain'], 'workflows are deterministic'),
    only('activities', ['domain'], 'activities know ports, not adapters'),
    only('adapters', ['domain'], 'adapters are usable without Temporal'),
    only('worker', ['activities', 'adapters', 'domain', 'workflows/messages\\.ts$'], 'the worker wires adapters into activities; of workflows it knows the messages, which it sends'),
    only('client', ['domain', 'workflows/messages\\.ts$', 'adapters/(runtime|ledger|seal|reports)/'], 'the command line talks to Temporal, the ledger and nothing else'),
    only('simulators', ['domain'], 'a simulator that shares code with what it tests proves nothing'),
    {
      name: 'domain-is-pure',
      comment: 'no Node, no package, no clock, no I/O',
      severity: 'error',
      from: { path: '^domain/' },
      to: { pathNot: '^domain/' },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'of packages, workflows may use the SDK\'s workflow library alone',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { pathNot: '^(domain|workflows)/|node_modules/@temporalio/(workflow|common)/' },
    },
    {
      name: 'simulators-import-types',
      comment: 'from the domain a simulator takes types only',
      severity: 'error',
      from: { path: '^simulators/' },
      to: { path: '^domain/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'vendors-stand-alone',
      comment: 'a vendor\'s folder never imports another vendor\'s',
      severity: 'error',
      from: { path: '^adapters/vendors/([^/]+)/' },
      to: { path: '^adapters/vendors/([^/]+)/', pathNot: '^adapters/vendors/$1/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-packages',
      comment: 'what runs in production is installed in production',
      severity: 'error',
      from: { path: '^(domain|workflows|activities|adapters|worker|client)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.relink)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.mjs'] },
  },
};
