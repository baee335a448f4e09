import { DEFAULT_LIMITS, type MetadataResponse } from '@pycell/contracts';

/** What an API says of itself. */
export const METADATA: MetadataResponse = {
  name: 'pycell',
  version: '0.1.0',
  environment: 'cloud',
  isolation: 'nsjail',
  isolationPromises: ['a pid and an IPC namespace of its own for each run'],
  selfTest: { passed: true, at: '2024-01-01T00:00:00.000Z', checks: [{ name: 'network', passed: true }] },
  zygotes: { immortalObjects: true, memorySnapshot: true },
  python: { version: '3.11.7', packages: [{ name: 'numpy', version: '2.4.6' }] },
  features: { files: true },
  scriptPolicy: { mode: 'enforce', blockedModules: ['os'], blockedNames: ['eval'] },
  limits: DEFAULT_LIMITS,
  endpoints: [],
  usage: { description: '', method: 'POST', path: '/execute', body: { script: '' } },
};
