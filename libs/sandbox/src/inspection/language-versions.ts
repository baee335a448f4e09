import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { HostCheck } from './host-check';
import { firstLine } from './first-line';

const run = promisify(execFile);

/** The last day of support of each major version, as the Node project announced it. Odd ones end within a year. */
const NODE_ENDS: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
  26: '2029-04-30',
};

/** Whether Node is still supported. It runs the service and never a script, so an old one keeps no jail from working. */
export function checkNode(version: string, today: Date): HostCheck {
  const major = Number(version.split('.')[0]);
  const end = NODE_ENDS[major];
  // One that is in no list is an odd version, or newer than the list.
  const isOut = end === undefined ? major < 24 : today.toISOString().slice(0, 10) > end;
  return isOut
    ? {
        name: 'Node',
        status: 'limited',
        found: `${version}, out of support${end === undefined ? '' : ` since ${end}`}`,
        cost: 'its vulnerabilities are no longer fixed; and Node 24 takes a tenth off the time of a run',
        remedy: 'install Node 24, or run the images, which have it',
      }
    : { name: 'Node', status: 'ok', found: version };
}

/** The first version whose objects can be made immortal: then forks of a zygote do not copy the pages that they only read. */
const IMMORTAL_SINCE = 12;

/** Whether the interpreter runs, is new enough, and what a newer one would spare. */
export async function checkPython(python: string): Promise<HostCheck> {
  let version: string;
  try {
    const { stdout } = await run(python, ['-I', '-c', 'import sys; print(*sys.version_info[:3], sep=".")']);
    version = stdout.trim();
  } catch (error) {
    // It is not there, or cannot be executed.
    return pythonMissing(`${python} does not run: ${firstLine(error)}`);
  }
  const found = `${version} (${python})`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== 3 || minor < 11) {
    return pythonMissing(found);
  }
  if (minor < IMMORTAL_SINCE) {
    return {
      name: 'Python',
      status: 'limited',
      found,
      cost: 'its zygotes cannot be made immortal: a run takes about 1.2 times the time that it takes with 3.13',
      remedy: 'install Python 3.13, or name one in PYTHON; npm run setup takes the newest there is',
    };
  }
  return { name: 'Python', status: 'ok', found };
}

function pythonMissing(found: string): HostCheck {
  return {
    name: 'Python',
    status: 'missing',
    found,
    cost: 'no script can run at all',
    remedy:
      'install Python 3.11 or newer (Debian: apt-get install python3 python3-pip), or name one in PYTHON',
  };
}
