import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { nsjailCommand } from './nsjail-command';

const ROOT = resolve(__dirname, '../../../..');
const PATHS = {
  python: 'python3',
  packages: '/packages',
  runner: '/runner',
  nsjail: '/opt/nsjail',
  nsjailConfig: join(ROOT, 'nsjail.cfg'),
  sandboxRoot: '/sandbox',
};

/** Returns the value behind an option. */
function option(args: readonly string[], name: string): string | undefined {
  return args[args.indexOf(name) + 1];
}

describe('nsjailCommand', () => {
  const { file, args } = nsjailCommand(
    PATHS,
    { ...DEFAULT_LIMITS, timeoutSeconds: 2.5, maxThreads: 8, tmpSizeMb: 4 },
    { uid: 100_003, gid: 100_003 },
  );

  it('starts nsjail with the static configuration and the sandbox root', () => {
    expect(file).toBe('/opt/nsjail');
    expect(option(args, '--config')).toBe(PATHS.nsjailConfig);
    expect(option(args, '--chroot')).toBe('/sandbox');
  });

  it('maps one unprivileged id to the one outside', () => {
    expect(option(args, '--user')).toBe('1000:100003:1');
    expect(option(args, '--group')).toBe('1000:100003:1');
  });

  it('takes the limits of a run as arguments', () => {
    expect(option(args, '--time_limit')).toBe('33');
    expect(option(args, '--rlimit_nproc')).toBe('9');
    expect(option(args, '--mount')).toBe('none:/tmp:tmpfs:size=4194304,nr_inodes=4096,mode=1777');
  });

  it('passes nothing but the connection', () => {
    expect(args.filter((argument) => argument === '--pass_fd')).toHaveLength(1);
    expect(option(args, '--pass_fd')).toBe('3');
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
});
