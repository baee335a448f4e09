import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SandboxPaths } from '@pycell/sandbox';

/** The folder that holds `nsjail.cfg`, `apps/` and `dist/`: seen from `dist/apps/api/configuration`. */
export const INSTALLATION_FOLDER = resolve(__dirname, '../../../..');

/** What `tools/setup.mjs` leaves behind in `.pycell/setup.json`: where it put what it made. */
interface SetupRecord {
  readonly python?: string;
  readonly packages?: string;
  readonly nsjail?: string;
  readonly sandboxRoot?: string;
}

/**
 * Returns where the programs and folders of the sandbox are: what the operator says, else what the set-up made, else
 * where it would be. Whether they exist is for the sandbox to find out.
 */
export function locateSandbox(said: {
  readonly nsjail: string | undefined;
  readonly sandboxRoot: string | undefined;
  readonly python: string | undefined;
}): SandboxPaths {
  const made = readSetupRecord();
  const folder = join(INSTALLATION_FOLDER, '.pycell');
  return {
    python: said.python ?? made.python ?? 'python3',
    packages: made.packages ?? join(folder, 'packages'),
    runner: join(INSTALLATION_FOLDER, 'apps/runner'),
    nsjail: said.nsjail ?? made.nsjail ?? join(folder, 'nsjail/nsjail/bin/nsjail'),
    nsjailConfig: join(INSTALLATION_FOLDER, 'nsjail.cfg'),
    sandboxRoot: said.sandboxRoot ?? made.sandboxRoot ?? join(folder, 'sandbox'),
  };
}

function readSetupRecord(): SetupRecord {
  let text: string;
  try {
    text = readFileSync(join(INSTALLATION_FOLDER, '.pycell/setup.json'), 'utf8');
  } catch {
    // An image has no set-up: the environment says where things are.
    return {};
  }
  return JSON.parse(text) as SetupRecord;
}

/** Returns the version of this installation, from its package.json. */
export function readVersion(): string {
  const text = readFileSync(join(INSTALLATION_FOLDER, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
