import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALLATION } from './api-server';

interface SetupRecord {
  readonly python?: string;
  readonly packages?: string;
  readonly nsjail?: string;
  readonly sandboxRoot?: string;
}

function setupRecord(): SetupRecord {
  try {
    return JSON.parse(readFileSync(join(INSTALLATION, '.pycell/setup.json'), 'utf8')) as SetupRecord;
  } catch {
    // An image has no set-up: its environment says where things are.
    return {};
  }
}

/** Where the server under test finds its programs, for suites that take them away or put others in their place. */
export const INSTALLED = {
  nsjail:
    process.env['NSJAIL_PATH'] ??
    setupRecord().nsjail ??
    join(INSTALLATION, '.pycell/nsjail/nsjail/bin/nsjail'),
  sandboxRoot:
    process.env['SANDBOX_ROOT'] ?? setupRecord().sandboxRoot ?? join(INSTALLATION, '.pycell/sandbox'),
  python: process.env['PYTHON'] ?? setupRecord().python ?? 'python3',
  packages: setupRecord().packages ?? join(INSTALLATION, '.pycell/packages'),
  runner: join(INSTALLATION, 'apps/runner'),
} as const;
