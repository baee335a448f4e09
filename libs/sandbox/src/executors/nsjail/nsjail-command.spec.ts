import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { DEFAULT_LIMITS, FIXED_LIMITS, LIMITS as LIMITS_TABLE } from '@pycell/contracts';
import { encodeLimits } from '../../protocol/messages';
import { perRunJailCommand, warmJailCommand } from './nsjail-command';
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

const LIMITS = { ...DEFAULT_LIMITS, timeoutSeconds: 2.5, maxThreads: 8, tmpSizeMb: 4 };
const RUNNER_LIMITS = encodeLimits(LIMITS, availableParallelism());

/** Returns the values behind an option, one for each time that it is there. */
function options(args: readonly string[], name: string): (string | undefined)[] {
  return args.flatMap((argument, index) => (argument === name ? [args[index + 1]] : []));
}

/** Splits a command into what nsjail reads and the program that it starts. */
function split({ args }: RunnerCommand) {
  const end = args.indexOf('--');
  return { jail: args.slice(0, end), program: args.slice(end + 1) };
}

const perRun = perRunJailCommand(PATHS, LIMITS, { uid: 100_003, gid: 100_004 });
const warm = warmJailCommand(PATHS, LIMITS, {
  ids: { first: { uid: 200_000, gid: 300_000 }, count: 500 },
  ownUserNamespace: true,
  maxConcurrency: 256,
  sockets: '/sockets',
});

describe.each([
  ['perRunJailCommand', perRun],
  ['warmJailCommand', warm],
])('%s', (_name, command) => {
  const { jail, program } = split(command);

  it('starts nsjail with the static configuration and the sandbox root', () => {
    expect(command.file).toBe('/opt/nsjail');
    expect(options(jail, '--config')).toEqual([PATHS.nsjailConfig]);
    expect(options(jail, '--chroot')).toEqual(['/sandbox']);
  });

  it('starts the interpreter of the sandbox root, apart from environment and user, and has it isolate', () => {
    expect(program.slice(0, 7)).toEqual([
      ...['/usr/bin/python3', '-I', '-S', '-B', '-X', 'utf8'],
      '/opt/pycell/runner',
    ]);
    expect(program).toContain('--isolated');
  });

  it('tells the runner the limits', () => {
    expect(options(program, '--limits')).toEqual([RUNNER_LIMITS]);
  });
});

describe('perRunJailCommand', () => {
  const { jail, program } = split(perRun);

  it('maps one unprivileged id to the one outside', () => {
    expect(options(jail, '--user')).toEqual(['1000:100003:1']);
    expect(options(jail, '--group')).toEqual(['1000:100004:1']);
  });

  it('has the id of outside where it may have no user namespace', () => {
    const plain = split(perRunJailCommand(PATHS, LIMITS, { uid: 100_003, gid: 100_004 }, false));
    expect(plain.jail).toContain('--disable_clone_newuser');
    expect(options(plain.jail, '--user')).toEqual(['100003']);
    expect(options(plain.jail, '--group')).toEqual(['100004']);
    expect(jail).not.toContain('--disable_clone_newuser');
  });

  it('takes the limits of its run as arguments', () => {
    expect(options(jail, '--time_limit')).toEqual(['33']);
    expect(options(jail, '--rlimit_nproc')).toEqual(['9']);
    // By an option it would be without nosuid and nodev: it is in the configuration.
    expect(options(jail, '--mount')).toEqual([]);
  });

  it('passes nothing but the two connections', () => {
    expect(options(jail, '--pass_fd')).toEqual(['4', '3']);
    expect(options(program, '--control')).toEqual(['3']);
    expect(options(program, '--connection')).toEqual(['4']);
    expect(program).toContain('--once');
  });

  it('keeps no capability and shows nothing of the host', () => {
    expect(options(jail, '--cap')).toEqual([]);
    expect(options(jail, '--bindmount')).toEqual([]);
  });
});

describe('warmJailCommand', () => {
  const { jail, program } = split(warm);

  it('maps a range of ids to the one outside, and gives all but the first to runs', () => {
    expect(options(jail, '--user')).toEqual(['1000:200000:500']);
    expect(options(jail, '--group')).toEqual(['1000:300000:500']);
    expect(options(program, '--ids')).toEqual(['1001:499']);
  });

  it('gives no id to runs where there is only one', () => {
    const single = split(
      warmJailCommand(PATHS, LIMITS, {
        ids: { first: { uid: 7, gid: 8 }, count: 1 },
        ownUserNamespace: true,
        maxConcurrency: 2,
        sockets: '/sockets',
      }),
    );
    expect(options(single.jail, '--user')).toEqual(['1000:7:1']);
    expect(options(single.program, '--ids')).toEqual([]);
  });

  it('without a user namespace has the ids of outside, and gives all but the first to runs', () => {
    const plain = split(
      warmJailCommand(PATHS, LIMITS, {
        ids: { first: { uid: 200_000, gid: 300_000 }, count: 500 },
        ownUserNamespace: false,
        maxConcurrency: 2,
        sockets: '/sockets',
      }),
    );
    expect(plain.jail).toContain('--disable_clone_newuser');
    expect(options(plain.jail, '--user')).toEqual(['200000']);
    expect(options(plain.jail, '--group')).toEqual(['300000']);
    expect(options(plain.program, '--ids')).toEqual(['200001:499']);
  });

  it('passes nothing but the control connection', () => {
    expect(options(jail, '--pass_fd')).toEqual(['3']);
    expect(options(program, '--control')).toEqual(['3']);
    expect(options(program, '--connection')).toEqual([]);
  });

  it('shows nothing of the host but the folder of the sockets', () => {
    expect(options(jail, '--bindmount')).toEqual(['/sockets:/tmp']);
    expect(options(program, '--sockets')).toEqual(['/tmp']);
    expect(program).toContain('--warm');
  });

  it('keeps the capabilities that isolating a run takes, and no other', () => {
    expect(options(jail, '--cap').sort()).toEqual([
      ...['CAP_KILL', 'CAP_SETGID', 'CAP_SETPCAP', 'CAP_SETUID', 'CAP_SYS_ADMIN'],
    ]);
  });

  it('lives as long as the service', () => {
    expect(options(jail, '--time_limit')).toEqual(['0']);
    expect(options(jail, '--rlimit_cpu')).toEqual(['hard']);
  });
});

describe('nsjail.cfg', () => {
  const text = readFileSync(PATHS.nsjailConfig, 'utf8');

  it.each(['newuser', 'newns', 'newpid', 'newipc', 'newuts', 'newnet', 'newcgroup'])(
    'has clone_%s',
    (name) => {
      expect(text).toMatch(new RegExp(`^clone_${name}: true$`, 'm'));
    },
  );

  it.each(['mount_proc', 'keep_caps', 'keep_env', 'disable_no_new_privs', 'skip_setsid'])(
    'denies %s',
    (name) => {
      expect(text).toMatch(new RegExp(`^${name}: false$`, 'm'));
    },
  );

  it.each(['as', 'core', 'cpu', 'fsize', 'nofile', 'stack', 'memlock', 'rtprio', 'msgqueue'])(
    'sets rlimit_%s itself',
    (name) => {
      expect(text).toMatch(new RegExp(`^rlimit_${name}: \\d+$`, 'm'));
      expect(text).toMatch(new RegExp(`^rlimit_${name}_type: VALUE$`, 'm'));
    },
  );

  it('gives a run the /dev/shm that the table of limits says', () => {
    const { shmBytes, shmInodes } = FIXED_LIMITS;
    expect(text).toContain(`options: "size=${shmBytes},nr_inodes=${shmInodes},mode=1777"`);
  });

  it('is wider than every limit that the configuration can set', () => {
    const limit = (name: string): number =>
      Number(new RegExp(`^rlimit_${name}: (\\d+)$`, 'm').exec(text)?.[1]);
    expect(limit('as')).toBeGreaterThan(LIMITS_TABLE.memoryLimitMb.max);
    expect(limit('fsize')).toBeGreaterThanOrEqual(LIMITS_TABLE.tmpSizeMb.max);
    expect(limit('nofile')).toBeGreaterThanOrEqual(LIMITS_TABLE.maxOpenFiles.max);
  });
});
