import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the programs and folders of the sandbox are. Absolute paths. */
export interface SandboxPaths {
  /** The interpreter of local mode. */
  readonly python: string;
  /** The packages that local mode offers to scripts. */
  readonly packages: string;
  /** The runner of local mode; in the jail it lies inside the sandbox root. */
  readonly runner: string;
  readonly nsjail: string;
  readonly nsjailConfig: string;
  /** What nsjail does inside gVisor; JAIL_PROFILE=gvisor. */
  readonly nsjailGvisorConfig: string;
  /** The jail's root folder. */
  readonly sandboxRoot: string;
}

/** What `tools/setup.mjs` leaves behind in `.pycell/setup.json`: where it put what it made. */
interface SetupRecord {
  readonly python?: string;
  readonly packages?: string;
  readonly nsjail?: string;
  readonly sandboxRoot?: string;
}

/**
 * Returns where the programs and folders of the sandbox are: what the operator says, else what the set-up made, else
 * where it would be, below the folder of the installation. Whether they exist is for the sandbox to find out.
 */
export function locateSandbox(
  installation: string,
  said: {
    readonly nsjail: string | undefined;
    readonly sandboxRoot: string | undefined;
    readonly python: string | undefined;
  },
): SandboxPaths {
  const folder = join(installation, '.pycell');
  const made = readSetupRecord(join(folder, 'setup.json'));
  return {
    python: said.python ?? made.python ?? 'python3',
    packages: made.packages ?? join(folder, 'packages'),
    runner: join(installation, 'apps/runner'),
    nsjail: said.nsjail ?? made.nsjail ?? join(folder, 'nsjail/nsjail/bin/nsjail'),
    nsjailConfig: join(installation, 'nsjail.cfg'),
    nsjailGvisorConfig: join(installation, 'nsjail.gvisor.cfg'),
    sandboxRoot: said.sandboxRoot ?? made.sandboxRoot ?? join(folder, 'sandbox'),
  };
}

function readSetupRecord(file: string): SetupRecord {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // An image has no set-up: the environment says where things are.
    return {};
  }
  return JSON.parse(text) as SetupRecord;
}
