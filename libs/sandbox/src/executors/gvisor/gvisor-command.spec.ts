import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { encodeLimits } from '../../protocol/messages';
import { outerPolicy, perRunGvisorCommand, warmGvisorCommand } from './gvisor-command';
import type { RunnerCommand } from '../../launch/runner-launcher';

const ROOT = resolve(__dirname, '../../../../..');
const PATHS = {
  python: 'python3',
  packages: '/packages',
  runner: '/runner',
  nsjail: '/opt/nsjail',
  nsjailConfig: join(ROOT, 'nsjail.cfg'),
  nsjailGvisorConfig: join(ROOT, 'nsjail.gvisor.cfg'),
  sandboxRoot: '/sandbox',
};
const LIMITS = { ...DEFAULT_LIMITS, timeoutSeconds: 2.5, maxOpenFiles: 40 };
const IDS = { uid: 65_534, gid: 65_534 };

const perRun = (): RunnerCommand => perRunGvisorCommand(PATHS, LIMITS, { ids: IDS, maxConcurrency: 4 });
const warm = (): RunnerCommand =>
  warmGvisorCommand(PATHS, LIMITS, { ids: IDS, maxConcurrency: 4, sockets: '/sockets' });

/** The programs of the chain, each with its arguments, outermost first. */
function chain({ file, args }: RunnerCommand): string[][] {
  const programs: string[][] = [[]];
  for (const word of [file, ...args]) {
    if (word === '--') programs.push([]);
    else programs.at(-1)?.push(word);
  }
  return programs;
}

function asUser<T>(uid: number, make: () => T): T {
  const spy = jest.spyOn(process, 'getuid').mockReturnValue(uid);
  try {
    return make();
  } finally {
    spy.mockRestore();
  }
}

describe.each([
  ['perRunGvisorCommand', perRun],
  ['warmGvisorCommand', warm],
])('%s', (_name, command) => {
  it('as root gives up its rights before anything else', () => {
    expect(chain(asUser(0, command))[0]).toEqual([
      ...['/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'],
    ]);
  });

  it('as an ordinary user has limits, nsjail, namespaces and root, and the interpreter, in this order', () => {
    const programs = chain(asUser(1000, command));
    expect(programs.map(([file]) => file)).toEqual([
      ...['/usr/bin/prlimit', '/opt/nsjail', '/usr/bin/unshare'],
      ...['/usr/bin/setpriv', '/usr/bin/unshare', '/usr/bin/python3'],
    ]);
    expect(programs.slice(2, 5)).toEqual([
      ['/usr/bin/unshare', '--user', '--map-root-user', '--net', '--ipc', '--uts', '--pid', '--fork'],
      ['/usr/bin/setpriv', '--pdeathsig=KILL'],
      ['/usr/bin/unshare', '--root=/sandbox', '--wd=/'],
    ]);
    expect(programs[1]).toEqual(expect.arrayContaining(['--config', PATHS.nsjailGvisorConfig]));
  });

  it('bounds the processes of all runs together: they have one user, and the kernel counts by that', () => {
    const [prlimit] = chain(asUser(1000, command));
    expect(prlimit).toEqual(
      expect.arrayContaining(['--core=0', '--memlock=0', `--nproc=${256 + 7 * (LIMITS.maxThreads + 2)}`]),
    );
  });

  it('tells the runner its profile and the limits', () => {
    const runner = chain(asUser(1000, command)).at(-1);
    expect(runner).toEqual(expect.arrayContaining(['--isolated', '--profile', 'gvisor']));
    expect(runner).toContain(encodeLimits(LIMITS, availableParallelism()));
  });
});

describe('warmGvisorCommand', () => {
  it('hands the folder of the sockets over as a descriptor, and nothing else but the control connection', () => {
    const command = asUser(1000, warm);
    expect(command.folder).toBe('/sockets');
    expect(command.args.filter((_, at) => command.args[at - 1] === '--pass_fd')).toEqual(['3', '5']);
    expect(command.args.join(' ')).toContain('--sockets-folder 5');
  });
});

describe('perRunGvisorCommand', () => {
  it('has a time limit as a backstop, and the two connections', () => {
    const { args } = asUser(1000, perRun);
    expect(args.filter((_, at) => args[at - 1] === '--pass_fd')).toEqual(['3', '4']);
    expect(args[args.indexOf('--time_limit') + 1]).toBe('33');
  });
});

describe('outerPolicy', () => {
  const callsIn = (policy: string): Set<string> => new Set(policy.match(/\b[a-z_0-9]{4,}\b/g) ?? []);

  it('refuses what nsjail.cfg refuses, but for chroot, and mounts besides', () => {
    const lines = readFileSync(PATHS.nsjailConfig, 'utf8').match(/^seccomp_string: "(.*)"$/gm) ?? [];
    const full = callsIn(lines.map((line) => line.slice('seccomp_string: '.length)).join(' '));
    const gvisor = callsIn(outerPolicy(PATHS.nsjailConfig));
    expect(full.size).toBeGreaterThan(50);
    expect([...full].filter((call) => !gvisor.has(call))).toEqual(['chroot']);
    expect([...gvisor].filter((call) => !full.has(call))).toEqual(['mount', 'umount']);
  });

  it('fails closed where there is no policy to derive it from', () => {
    expect(() => outerPolicy(PATHS.nsjailGvisorConfig)).toThrow('no policy of system calls');
  });

  it.each([
    ['perRunGvisorCommand', perRun],
    ['warmGvisorCommand', warm],
  ])('is what %s hands to nsjail', (_name, command) => {
    const { args } = asUser(1000, command);
    expect(args[args.indexOf('--seccomp_string') + 1]).toBe(outerPolicy(PATHS.nsjailConfig));
  });
});
