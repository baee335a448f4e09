/**
 * The order of the folders within a project, from the top down: a folder may import from those below it only.
 * Every folder must have its place here. The boundaries between projects are in eslint.config.mjs.
 */
const LAYERS = {
  'libs/sandbox/src': [
    'inspection',
    'service',
    'admission',
    'policy',
    'executors',
    'warm',
    'per-run',
    'self-test',
    'conversation',
    'launch',
    'protocol',
    'host',
    'waiting',
    'run',
  ],
  'libs/api-client/src': [
    'testing',
    'client',
    'results',
    'errors',
    'answers',
    'streams',
    'http',
    'json',
    'schema',
  ],
  'apps/api/src': [
    'interfaces',
    'metadata',
    'metrics',
    'callbacks',
    'jobs',
    'executions',
    'answers',
    'health',
    'shutdown',
    'openapi',
    'bodies',
    'rates',
    'redis',
    'traces',
    'callers',
    'http',
    'configuration',
  ],
  'apps/api/src/interfaces': ['mcp', 'dify', 'ragflow', 'piston', 'judge0', 'door'],
  'apps/console/src/app': [
    'shell',
    'examples',
    'share',
    'background',
    'history',
    'results',
    'editor',
    'connection',
    'runs',
    'outcomes',
    'inputs',
    'script',
    'metadata',
    'api',
    'keys',
    'address',
    'settings',
    'ui',
    'browser',
  ],
  'apps/console/src/app/inputs': ['fields', 'files', 'signature', 'values'],
  'apps/console/src/app/results': [
    'problem',
    'status',
    'files',
    'value',
    'chart',
    'tree',
    'compare',
    'table',
    'text',
    'json',
    'finding',
  ],
  'apps/console/src/app/editor': ['monaco', 'completion', 'check'],
  'apps/console/src/app/ui': [
    'drawer',
    'dialog',
    'panes',
    'toast',
    'controls',
    'focus',
    'scrolling',
    'icons',
    'formatting',
  ],
  'apps/api-e2e/src': [
    'self-test',
    'deployed',
    'documentation',
    'defence',
    'pairs',
    'containment',
    'corpus',
    'queue',
    'http',
    'soak',
    'faults',
    'harness',
  ],
  'apps/console-e2e/src': ['harness'],
};

/** Tests may look at everything. */
const TESTS = String.raw`\.(spec|contract)\.ts$`;

function layerRules([root, folders]) {
  const named = `^${root}/(${folders.join('|')})/`;
  return [
    ...folders.slice(1).map((folder, index) => ({
      name: 'no-upward-import',
      comment: `${root}: ${folders.join(' > ')}`,
      severity: 'error',
      from: { path: `^${root}/${folder}/`, pathNot: TESTS },
      to: { path: `^${root}/(${folders.slice(0, index + 1).join('|')})/` },
    })),
    {
      name: 'no-import-of-the-root',
      comment: `${root}: its own files put the folders together`,
      severity: 'error',
      from: { path: `^${root}/[^/]+/`, pathNot: TESTS },
      to: { path: `^${root}/[^/]+$` },
    },
    {
      name: 'folder-without-a-place',
      comment: 'List the folder in LAYERS of .dependency-cruiser.mjs',
      severity: 'error',
      from: { path: `^${root}/[^/]+/`, pathNot: named },
      to: {},
    },
  ];
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { circular: true },
    },
    {
      name: 'no-folder-circle',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(LAYERS).flatMap(layerRules),
  ],
  options: {
    // Imports of types count as well: a circle of types is a circle for the reader.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: TESTS },
  },
};
